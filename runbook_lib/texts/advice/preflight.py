"""What only a preflight finds: the way out to the relays, and the users that were looked at. Fixes are with the messages."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import PREFLIGHT, PREREQUISITES, TROUBLESHOOTING, TUTORIAL, Advice
from runbook_lib.texts.text import Text


def _found(title: str, en: str, fr: str, source: str, *messages: str) -> Advice:
    return Advice(messages[0], title, Text(en=en, fr=fr), source, next_runbook=PREFLIGHT, messages=messages)


ENTRIES: tuple[Advice, ...] = (
    _found(
        "Relays not known",
        "The server listens on two relays, which Microsoft assigns to the tenant. Only its events tell their names, once it is on.",
        "Le serveur écoute sur deux relais, que Microsoft attribue au locataire. Seuls ses événements en disent les noms, une fois actif.",
        TROUBLESHOOTING,
        "relays-not-known",
    ),
    _found(
        "TLS opened on the way",
        "A gateway shows a certificate of its own to look inside the connection. Writeback then fails, at once or now and then.",
        "Une passerelle présente son propre certificat pour voir dans la connexion. La réécriture échoue alors, toujours ou par moments.",
        PREREQUISITES,
        "relays-inspected",
        "relays-not-trusted",
    ),
    _found(
        "Another answer than the relay's",
        "A proxy that wants a sign-in, a filter or a firewall stands between the server and the relay and answers in its place, or "
        "lets the connection begin and the request vanish.",
        "Un mandataire qui exige une authentification, un filtre ou un pare-feu s'interpose : il répond à la place du relais, ou laisse "
        "la connexion s'ouvrir et la requête se perdre.",
        TROUBLESHOOTING,
        "relays-other-answer",
        "relays-silent",
    ),
    _found(
        "Rights do not reach a user",
        "Rules come from the domain by inheritance. A user whose container or self does not inherit, on whom a deny stands, or who is of "
        "another class than the rules, does not get them.",
        "Les droits descendent du domaine par héritage. Ils n'atteignent pas un utilisateur dont l'héritage est coupé, à lui ou à son "
        "conteneur, sur lequel pèse un refus, ou d'une autre classe que celle des règles.",
        TUTORIAL,
        "rights-missing-on-users",
        "rights-missing-on-user",
        "users-without-inheritance",
        "inetorgperson-not-covered",
    ),
    _found(
        "Protected users (adminCount)",
        "AdminSDHolder replaces the rules of administrators every hour and cuts their inheritance, also of those who once were.",
        "AdminSDHolder remplace toutes les heures les règles des administrateurs et coupe leur héritage, même des anciens.",
        TROUBLESHOOTING,
        "users-protected",
    ),
)
