"""Signing in to the sync server: Kerberos, certificate, CredSSP, NTLM. Fixes are with the messages."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import PREFLIGHT, PREREQUISITES, Advice
from runbook_lib.texts.text import Text

_KERBEROS = "RFC 4120; MIT Kerberos documentation"


def _entry(
    name: str, title: str, en: str, fr: str, *others: str, source: str = _KERBEROS, codes: tuple[str, ...] = ()
) -> Advice:
    messages = (name, *others)
    return Advice(name, title, Text(en=en, fr=fr), source, next_runbook=PREFLIGHT, messages=messages, codes=codes)


ENTRIES: tuple[Advice, ...] = (
    _entry(
        "winrm-sign-in-refused",
        "WinRM: sign-in refused (HTTP 401)",
        "A wrong account, password or ticket; the server does not allow this transport; or a policy denies NTLM, as Microsoft "
        "advises for this server.",
        "Compte, mot de passe ou ticket erroné ; le serveur n'admet pas ce transport ; ou une stratégie refuse NTLM, comme Microsoft "
        "le conseille pour ce serveur.",
        "lab-access-denied",
        source=f"{PREREQUISITES}; general Windows behaviour",
    ),
    _entry(
        "winrm-certificate-refused",
        "WinRM: client certificate refused",
        "The server does not map the certificate to a local account, does not trust its issuer, or does not allow certificates.",
        "Le serveur n'associe pas le certificat à un compte local, ne reconnaît pas son émetteur, ou n'admet pas les certificats.",
        source="Microsoft, Authentication for remote connections (WinRM)",
    ),
    _entry(
        "credssp-refused",
        "CredSSP refused",
        "CredSSP is off by default on both sides, and many houses forbid it, for it hands the password to the server.",
        "CredSSP est désactivé par défaut des deux côtés, et souvent interdit, car il confie le mot de passe au serveur.",
        source="Microsoft, Making the second hop in PowerShell remoting",
    ),
    _entry(
        "kerberos-clock-skew",
        "Kerberos: clock skew",
        "The clocks of this machine and of the domain differ by more than Kerberos allows, five minutes by default.",
        "Les horloges de cette machine et du domaine diffèrent de plus que ce que Kerberos admet, cinq minutes par défaut.",
        codes=("KRB_AP_ERR_SKEW",),
    ),
    _entry(
        "kerberos-no-ticket",
        "Kerberos: no ticket, or an expired one",
        "Nobody got a ticket in this session, or its time, ten hours by default in a Windows domain, is over.",
        "Personne n'a obtenu de ticket dans cette session, ou sa durée, dix heures par défaut dans un domaine Windows, est écoulée.",
        "kerberos-ticket-expired",
    ),
    _entry(
        "kerberos-unknown-service",
        "Kerberos: service unknown or refused",
        "The endpoint names the server by an alias or an address, or another account holds its service name.",
        "L'adresse nomme le serveur par un alias ou une adresse IP, ou un autre compte détient son nom de service.",
        "kerberos-refused",
        codes=("KDC_ERR_S_PRINCIPAL_UNKNOWN", "KRB_AP_ERR_MODIFIED"),
    ),
    _entry(
        "kerberos-realm-unknown",
        "Kerberos: realm or domain controller not found",
        "This machine is not configured for the domain, or a firewall keeps port 88 from it.",
        "Cette machine n'est pas configurée pour le domaine, ou un pare-feu lui ferme le port 88.",
        "kerberos-kdc-unreachable",
    ),
    _entry(
        "kerberos-server-not-proven",
        "Kerberos: the server did not prove who it is",
        "Another computer answers at this address, or something on the way changes the messages.",
        "Un autre ordinateur répond à cette adresse, ou quelque chose sur le chemin modifie les messages.",
    ),
    _entry(
        "kerberos-failed",
        "Kerberos: failed on this computer",
        "The Kerberos library of this machine gave an error that the kit does not know.",
        "La bibliothèque Kerberos de cette machine a donné une erreur que le kit ne connaît pas.",
    ),
)
