"""Troubles with Entra, Graph and the portal: refused sign-ins, missing permissions, limits. Fixes are with the messages."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import ENTRA_CODES, GRAPH, PORTAL, PREFLIGHT, Advice
from runbook_lib.texts.text import Text

_PORTAL = "public tools; the endpoint is undocumented"


def _sign_in(name: str, title: str, en: str, fr: str, *others: str) -> Advice:
    """The AADSTS codes themselves are with the adapter that understands them."""
    messages = (name, *others)
    return Advice(name, title, Text(en=en, fr=fr), ENTRA_CODES, next_runbook=PREFLIGHT, messages=messages)


SIGN_IN: tuple[Advice, ...] = (
    _sign_in(
        "sign-in-secret-wrong",
        "Entra: client secret",
        "The reference leads to the secret's id instead of its value, or to the secret of another application.",
        "La référence mène à l'identifiant du secret et non à sa valeur, ou au secret d'une autre application.",
    ),
    _sign_in(
        "sign-in-secret-expired",
        "Entra: client secret expired",
        "Secrets of applications end after a time that was chosen when they were made.",
        "Les secrets d'application prennent fin après une durée choisie à leur création.",
        "lab-cloud-sign-in-refused",
    ),
    _sign_in(
        "sign-in-certificate-refused",
        "Entra: certificate of the application",
        "The certificate is not registered with the application, has expired, or the clock of this machine is wrong.",
        "Le certificat n'est pas inscrit pour l'application, a expiré, ou l'horloge de cette machine est fausse.",
    ),
    _sign_in(
        "sign-in-application-unknown",
        "Entra: application unknown or disabled",
        "Client id and tenant id do not belong together, nobody consented in this tenant, or the application was turned off.",
        "L'identifiant client et celui du locataire ne vont pas ensemble, personne n'a consenti ici, ou l'application est désactivée.",
        "sign-in-application-disabled",
    ),
    _sign_in(
        "sign-in-application-confidential",
        "Entra: public or confidential client",
        "The registration of the application does not fit the way of signing in.",
        "L'inscription de l'application ne convient pas à la façon de se connecter.",
        "sign-in-application-public",
    ),
    _sign_in(
        "sign-in-tenant-unknown",
        "Entra: tenant or cloud",
        "The tenant id is mistyped, or the tenant is in a national cloud.",
        "L'identifiant du locataire est mal saisi, ou le locataire est dans un cloud national.",
        "sign-in-wrong-cloud",
    ),
    _sign_in(
        "sign-in-account-unknown",
        "Entra: account not in this tenant",
        "The account is of another tenant, or a guest without an invitation.",
        "Le compte est d'un autre locataire, ou un invité sans invitation.",
        "other-tenant",
    ),
    _sign_in(
        "sign-in-account-locked",
        "Entra: account locked or disabled",
        "Too many failed attempts, a sign-in from an address known for attacks, or an administrator turned the account off.",
        "Trop d'essais manqués, une connexion depuis une adresse connue pour des attaques, ou un administrateur a désactivé le compte.",
        "sign-in-account-disabled",
    ),
    _sign_in(
        "sign-in-password-wrong",
        "Entra: password of the account",
        "The password was mistyped, has expired, or must be changed because it is known to others.",
        "Le mot de passe est mal saisi, a expiré, ou doit être changé parce que d'autres le connaissent.",
        "sign-in-password-expired",
    ),
    _sign_in(
        "sign-in-tenant-restricted",
        "Entra: restrictions between tenants",
        "A proxy adds the tenants that may be used, or one of the two tenants does not allow access across them.",
        "Un proxy ajoute la liste des locataires permis, ou l'un des deux locataires n'admet pas l'accès entre eux.",
    ),
    _sign_in(
        "sign-in-unavailable",
        "Entra: not available just now",
        "A passing trouble at Microsoft, or too many requests of the tenant.",
        "Un incident passager chez Microsoft, ou trop de requêtes du locataire.",
    ),
    _sign_in(
        "sign-in-agent",
        "Entra: pass-through authentication",
        "The account's password is checked on premises, and an agent, its domain controller or their clocks are in trouble.",
        "Le mot de passe du compte est vérifié sur site, et un agent, son contrôleur de domaine ou leurs horloges ont un problème.",
    ),
    _sign_in(
        "sign-in-mfa",
        "Entra: second factor",
        "A policy asks for multifactor authentication, and this sign-in does not hold it or holds it for too long.",
        "Une stratégie demande l'authentification multifacteur, et cette connexion ne la porte pas ou depuis trop longtemps.",
    ),
    _sign_in(
        "sign-in-again",
        "Entra: sign in again",
        "The session ended: it was revoked, the password was changed, or its time is over.",
        "La session a pris fin : révoquée, mot de passe changé, ou durée écoulée.",
        "http-token-refused",
    ),
    _sign_in(
        "sign-in-not-assigned",
        "Entra: not assigned to the application",
        "The enterprise application admits only accounts that are assigned to it.",
        "L'application d'entreprise n'admet que les comptes qui lui sont affectés.",
    ),
    _sign_in(
        "sign-in-conditional-access",
        "Entra: Conditional Access",
        "A policy wants a managed device, another place, an approved application, or no device code.",
        "Une stratégie veut un appareil géré, un autre lieu, une application approuvée, ou pas de code d'appareil.",
        "lab-cloud-token-withheld",
    ),
    _sign_in(
        "sign-in-consent",
        "Entra: consent",
        "The application asks for permissions to which no administrator of the tenant has consented.",
        "L'application demande des autorisations auxquelles aucun administrateur du locataire n'a consenti.",
        "lab-cloud-consent-missing",
    ),
    _sign_in(
        "sign-in-resource-refused",
        "Entra: no token for this service",
        "The application is not registered for the service, or the service does not take tokens of this application.",
        "L'application n'est pas inscrite pour ce service, ou ce service n'accepte pas les jetons de cette application.",
    ),
    _sign_in(
        "sign-in-device-code-unused",
        "Entra: device code",
        "Nobody entered the code in its time, somebody mistyped it, or declined.",
        "Personne n'a saisi le code à temps, quelqu'un l'a mal saisi, ou a refusé.",
        "sign-in-device-code-wrong",
        "sign-in-declined",
    ),
    _sign_in(
        "sign-in-refused",
        "Entra: another refusal",
        "Entra gave a code that is not in the kit's table; Microsoft adds codes over time.",
        "Entra a donné un code absent de la table du kit ; Microsoft en ajoute au fil du temps.",
    ),
)

SERVICES: tuple[Advice, ...] = (
    Advice(
        "graph-not-permitted",
        "Graph: a permission or role is missing",
        Text(
            en="The application was not given the permission that is named, or the person lacks the role that goes with it.",
            fr="L'application n'a pas reçu l'autorisation nommée, ou la personne n'a pas le rôle qui va avec.",
        ),
        GRAPH,
        next_runbook=PREFLIGHT,
        messages=("graph-not-permitted", "lab-cloud-not-permitted"),
        codes=("Authorization_RequestDenied",),
    ),
    Advice(
        "http-unavailable",
        "Cloud: busy or not available",
        Text(
            en="The service limits how often it is asked, or is out of order for a while.",
            fr="Le service limite la fréquence des demandes, ou est en panne pour un temps.",
        ),
        GRAPH,
        next_runbook=PREFLIGHT,
        messages=(
            "http-throttled",
            "graph-reset-throttled",
            "portal-change-throttled",
            "http-unexpected-status",
            "sign-in-busy",
            "lab-cloud-unavailable",
        ),
        codes=("429", "503"),
    ),
    Advice(
        "http-cannot-connect",
        "Cloud: no connection",
        Text(
            en="No way out, a proxy in between, or its certificate is not trusted.",
            fr="Pas de sortie, un mandataire sur le chemin, ou son certificat n'est pas reconnu.",
        ),
        GRAPH,
        next_runbook=PREFLIGHT,
        messages=("http-cannot-connect", "http-connection-lost", "http-not-trusted", "http-timeout"),
    ),
    Advice(
        "unexpected-shape",
        "An answer of an unknown shape",
        Text(
            en="The product has changed, something on the way answers in its place, or the page is of another version.",
            fr="Le produit a changé, quelque chose sur le chemin répond à sa place, ou la page est d'une autre version.",
        ),
        "the kit's own rule: nothing is guessed",
        messages=("unexpected-shape", "http-not-json", "http-broken-reply", "sign-in-unexpected"),
    ),
    Advice(
        "portal-refuses",
        "Portal: the endpoint refuses",
        Text(
            en="The endpoint is not supported by Microsoft: it may want another role, a person, or be closed to this application.",
            fr="Ce point d'accès n'est pas pris en charge par Microsoft : il peut vouloir un autre rôle, une personne, ou être fermé à "
            "cette application.",
        ),
        _PORTAL,
        next_runbook=PORTAL,
        messages=("portal-not-permitted", "portal-needs-a-person", "portal-wants-a-person", "lab-cloud-page-refused"),
    ),
    Advice(
        "portal-fields-disagree",
        "Portal: the fields contradict each other",
        Text(
            en="Two fields of the endpoint are taken for the first toggle by public tools, and here they differ.",
            fr="Deux champs du point d'accès sont pris pour le premier réglage par des outils publics, et ils diffèrent ici.",
        ),
        _PORTAL,
        next_runbook=PORTAL,
        messages=("portal-fields-disagree",),
    ),
)

ENTRIES: tuple[Advice, ...] = (*SIGN_IN, *SERVICES)
