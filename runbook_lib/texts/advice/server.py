"""Troubles on the way to the sync server and of what runs there: WinRM, PowerShell, the second hop. Fixes are with the messages."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import CONNECT, PERMISSIONS, PREFLIGHT, WINRM, Advice
from runbook_lib.texts.text import Text

_FIELD = "field reports; the number is Windows' own E_FAIL, 0x80004005"
_WINDOWS = "Microsoft, wsmerror.h and MS-WSMV"

CONNECTING: tuple[Advice, ...] = (
    Advice(
        "winrm-unreachable",
        "WinRM: no connection",
        Text(
            en="Nothing listens at that address, a firewall is in between, or the name leads elsewhere.",
            fr="Rien n'écoute à cette adresse, un pare-feu s'interpose, ou le nom mène ailleurs.",
        ),
        WINRM,
        next_runbook=PREFLIGHT,
        messages=("winrm-unreachable", "winrm-http-status", "winrm-not-understood"),
    ),
    Advice(
        "winrm-not-trusted",
        "WinRM: certificate",
        Text(
            en="The certificate is of an authority that this machine does not trust, has expired, or is for another host name.",
            fr="Le certificat vient d'une autorité inconnue de cette machine, a expiré, ou porte un autre nom d'hôte.",
        ),
        WINRM,
        next_runbook=PREFLIGHT,
        messages=("winrm-not-trusted", "winrm-certificate-dates", "winrm-certificate-other-host"),
    ),
    Advice(
        "winrm-access-denied",
        "WinRM: access denied (fault 5)",
        Text(
            en="The account is known, and is neither a local administrator nor a member of Remote Management Users.",
            fr="Le compte est connu, mais n'est ni administrateur local ni membre de Utilisateurs de gestion à distance.",
        ),
        WINRM,
        next_runbook=PREFLIGHT,
        messages=("winrm-access-denied",),
    ),
    Advice(
        "winrm-quota",
        "WinRM: quota of shells or operations",
        Text(
            en="The server limits shells and operations for each account; sessions that were not closed count until they time out.",
            fr="Le serveur limite les sessions et les opérations par compte ; celles qui n'ont pas été fermées comptent jusqu'à leur "
            "expiration.",
        ),
        _WINDOWS,
        next_runbook=PREFLIGHT,
        messages=("winrm-quota-reached", "lab-no-shell"),
        codes=("2150859173", "2150859174", "803381A5", "803381A6", "MaxShellsPerUser"),
    ),
    Advice(
        "winrm-shell-gone",
        "WinRM: the shell is gone",
        Text(
            en="The server restarted, its WinRM service did, the shell was idle too long, or the account's profile was unloaded.",
            fr="Le serveur ou son service WinRM a redémarré, la session est restée inactive trop longtemps, ou le profil du compte a "
            "été déchargé.",
        ),
        _WINDOWS,
        next_runbook=PREFLIGHT,
        messages=("winrm-shell-gone",),
        codes=("2150858843", "2147943418", "8033805B", "800703FA"),
    ),
    Advice(
        "winrm-timeout",
        "WinRM: no answer in time",
        Text(
            en="The server is busy, a command waits for something that does not come, or a device on the way drops idle connections.",
            fr="Le serveur est chargé, une commande attend ce qui ne vient pas, ou un équipement coupe les connexions inactives.",
        ),
        WINRM,
        next_runbook=PREFLIGHT,
        messages=("winrm-no-answer", "winrm-deadline", "lab-no-answer"),
    ),
    Advice(
        "winrm-fault",
        "WinRM: another fault",
        Text(
            en="The server's WinRM service refused for a reason of its own, such as unencrypted traffic that it does not allow.",
            fr="Le service WinRM du serveur a refusé pour une raison qui lui est propre, par exemple un trafic non chiffré qu'il "
            "n'admet pas.",
        ),
        WINRM,
        next_runbook=PREFLIGHT,
        messages=("winrm-fault",),
    ),
    Advice(
        "outcome-unknown",
        "Sent, and no usable answer",
        Text(
            en="The connection broke, or the answer was unreadable, after the change was sent: it may or may not have been made.",
            fr="La liaison s'est rompue, ou la réponse était illisible, après l'envoi : la modification a pu être faite ou non.",
        ),
        "the kit's own rule: a lost reply is never success",
        messages=(
            "change-unanswered",
            "change-outcome-unknown",
            "http-outcome-unknown",
            "could-not-look-again",
            "lab-outcome-unknown",
            "lab-cloud-outcome-unknown",
        ),
    ),
)

SCRIPTS: tuple[Advice, ...] = (
    Advice(
        "script-reply-wrong",
        "PowerShell: something else writes into the answer",
        Text(
            en="A profile, a logon script, a policy or an agent writes to the output of PowerShell, or the answer was cut off.",
            fr="Un profil, un script d'ouverture de session, une stratégie ou un agent écrit dans la sortie de PowerShell, ou la "
            "réponse a été coupée.",
        ),
        "field reports",
        next_runbook=PREFLIGHT,
        messages=("script-reply-wrong", "lab-unreadable-answer"),
    ),
    Advice(
        "script-process-failed",
        "PowerShell: ended without an answer",
        Text(
            en="powershell.exe is kept from running, for instance by AppLocker, by constrained language mode or by its memory limit.",
            fr="powershell.exe est empêché de fonctionner, par exemple par AppLocker, le mode de langage restreint ou sa limite de "
            "mémoire.",
        ),
        "general Windows behaviour",
        next_runbook=PREFLIGHT,
        messages=("script-process-failed",),
    ),
    Advice(
        "script-failed",
        "PowerShell: a command reported an error",
        Text(
            en="The command's own words are quoted: they say what it refused, in the language of the server.",
            fr="Les mots de la commande sont cités : ils disent ce qu'elle a refusé, dans la langue du serveur.",
        ),
        "the command itself",
        Text(
            en="Mend what the words name, then plan again. While a synchronization runs, the configuration cannot be changed.",
            fr="Corrigez ce que ces mots nomment, puis refaites le plan. Pendant une synchronisation, la configuration ne peut pas "
            "être modifiée.",
        ),
        PREFLIGHT,
        messages=("script-failed",),
    ),
    Advice(
        "script-module-missing",
        "PowerShell: module or command missing",
        Text(
            en="The ADSync module comes with Connect, the ActiveDirectory module with RSAT; older builds lack some commands.",
            fr="Le module ADSync vient avec Connect, le module ActiveDirectory avec RSAT ; d'anciennes versions n'ont pas toutes les "
            "commandes.",
        ),
        PERMISSIONS,
        next_runbook=PREFLIGHT,
        messages=("script-module-missing", "script-command-missing", "directory-module-missing"),
    ),
    Advice(
        "script-access-denied",
        "ADSync: access denied",
        Text(
            en="Only local administrators and members of ADSyncAdmins may configure Connect; a new membership counts from the next logon.",
            fr="Seuls les administrateurs locaux et les membres de ADSyncAdmins peuvent configurer Connect ; une nouvelle appartenance "
            "compte à la prochaine ouverture de session.",
        ),
        "Microsoft, how-to-connect-post-installation",
        next_runbook=PREFLIGHT,
        messages=("script-access-denied", "not-sync-administrator", "not-local-administrator"),
    ),
    Advice(
        "double-hop",
        "Second hop: the directory refuses",
        Text(
            en="The server may not pass our identity on to a domain controller: Kerberos without delegation and NTLM stop at the "
            "first computer.",
            fr="Le serveur ne peut pas transmettre notre identité à un contrôleur de domaine : Kerberos sans délégation et NTLM "
            "s'arrêtent au premier ordinateur.",
        ),
        "Microsoft, Making the second hop in PowerShell remoting",
        next_runbook=PREFLIGHT,
        messages=("directory-access-denied",),
    ),
    Advice(
        "directory-unreachable",
        "Directory: no domain controller answers",
        Text(
            en="Active Directory Web Services do not run or cannot be reached, or the second hop was refused without saying so.",
            fr="Les services web Active Directory ne fonctionnent pas ou sont injoignables, ou le second saut a été refusé sans le "
            "dire.",
        ),
        "general Windows behaviour",
        next_runbook=PREFLIGHT,
        messages=("directory-unreachable",),
    ),
    Advice(
        "writeback-invalid-state",
        "E_FAIL: Password reset configuration may be in an invalid state",
        Text(
            en="The server keeps a writeback configuration that it can no longer use, seen after upgrades of Connect.",
            fr="Le serveur garde une configuration de réécriture qu'il ne sait plus utiliser, ce qui a été vu après des mises à "
            "niveau de Connect.",
        ),
        _FIELD,
        next_runbook=CONNECT,
        messages=("writeback-invalid-state",),
        codes=("E_FAIL", "80004005"),
    ),
    Advice(
        "writeback-cycle-runs",
        "The change is refused while a synchronization runs",
        Text(
            en="A cycle began between the last look and the change: the engine takes no change of its configuration meanwhile.",
            fr="Un cycle a commencé entre le dernier examen et la modification : le moteur n'accepte alors aucune modification de sa "
            "configuration.",
        ),
        "Microsoft, how-to-connect-sync-feature-scheduler",
        next_runbook=CONNECT,
        messages=("writeback-cycle-runs",),
    ),
    Advice(
        "credential-prompt",
        "The cmdlet asks for a credential",
        Text(
            en="Some builds want a cloud administrator's credential for this change, and nobody can answer in a remote session.",
            fr="Certaines versions veulent les informations d'un administrateur du nuage, et personne ne peut répondre dans une session "
            "distante.",
        ),
        "Microsoft, Getting started with password management (2015-2017)",
        messages=("writeback-credential-prompt", "script-prompted", "may-ask-credential"),
        codes=("AzureADCredential",),
    ),
)

ENTRIES: tuple[Advice, ...] = (*CONNECTING, *SCRIPTS)
