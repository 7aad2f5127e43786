"""Messages about sealing evidence: what cannot be sealed, and what is no seal."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_AS_IT_CAME = Text(
    en="Ask for the bundle again where it was made, and compare its SHA-256. Do not unpack this one.",
    fr="Redemandez le dossier scellé à son origine et comparez son SHA-256. N'extrayez pas celui-ci.",
)

MESSAGES: dict[str, Entry] = {
    # the zip file
    "archive-structure": Entry(
        Text(
            en="It is not a zip file as a seal writes it: there is something else at {where}.",
            fr="Ce n'est pas un fichier zip tel qu'un scellement l'écrit : autre chose se trouve à {where}.",
        ),
        _AS_IT_CAME,
    ),
    "archive-content": Entry(
        Text(
            en="{where} in the zip file cannot be unpacked: it is not what its header says.",
            fr="{where}, dans le fichier zip, ne peut pas être extrait : il n'est pas ce que dit son en-tête.",
        ),
        _AS_IT_CAME,
    ),
    "archive-name": Entry(
        Text(
            en="{where} is no name that a file of a bundle can have.",
            fr="{where} n'est pas un nom que peut porter un fichier d'un dossier scellé.",
        ),
        Text(
            en="Use letters, digits, dots, hyphens and underscores. In a bundle that you received, it was put there by somebody else.",
            fr="Utilisez lettres, chiffres, points, tirets et soulignés. Dans un dossier reçu, quelqu'un d'autre l'y a mis.",
        ),
    ),
    "archive-twice": Entry(
        Text(en="{where} is in the zip file twice.", fr="{where} se trouve deux fois dans le fichier zip."), _AS_IT_CAME
    ),
    "archive-alike": Entry(
        Text(
            en="{where}: these names differ by capitals only, so some systems would keep one of the files.",
            fr="{where} : ces noms ne diffèrent que par les majuscules ; certains systèmes n'en garderaient qu'un.",
        ),
        Text(en="Rename one of the files.", fr="Renommez l'un des fichiers."),
    ),
    "archive-large": Entry(
        Text(
            en="{where} is larger than any evidence: it was not unpacked.",
            fr="{where} est plus grand que toute preuve : il n'a pas été extrait.",
        ),
        _AS_IT_CAME,
    ),
    "archive-many": Entry(
        Text(
            en="The zip file holds more files than any evidence, from {where} on.",
            fr="Le fichier zip contient plus de fichiers que toute preuve, à partir de {where}.",
        ),
        _AS_IT_CAME,
    ),
    # what is sealed
    "evidence-strange-file": Entry(
        Text(
            en="{path} does not belong to a record: it is a link, or has a name that not every system can hold.",
            fr="{path} n'appartient pas à un dossier d'exécution : c'est un lien, ou son nom ne convient pas à tous les systèmes.",
        ),
        Text(
            en="Move it out of the folder. A record holds what the kit wrote, and plain files with plain names.",
            fr="Sortez-le du dossier. Un dossier d'exécution contient ce que l'outil a écrit, et des fichiers simples aux noms simples.",
        ),
    ),
    "seal-too-large": Entry(
        Text(
            en="{path} holds more than {most} MB, or too many files.",
            fr="{path} contient plus de {most} Mo, ou trop de fichiers.",
        ),
        Text(
            en="Move out of the folder what is not of the run, and seal again.",
            fr="Sortez du dossier ce qui n'est pas de l'exécution, puis scellez de nouveau.",
        ),
    ),
    "seal-run-open": Entry(
        Text(
            en="The run in {path} is still going on: a seal would be of half of it.",
            fr="L'exécution dans {path} est encore en cours : le scellement n'en contiendrait que la moitié.",
        ),
        Text(
            en="Let it end, or end its notebook or kernel; a run that stopped can be sealed.",
            fr="Laissez-la finir, ou arrêtez son notebook ou son noyau ; une exécution arrêtée peut être scellée.",
        ),
    ),
    # what is no seal of ours
    "manifest-unreadable": Entry(
        Text(
            en="{path} is not a manifest as a seal writes it.",
            fr="{path} n'est pas un manifeste tel qu'un scellement l'écrit.",
        ),
        _AS_IT_CAME,
    ),
    "statement-unreadable": Entry(
        Text(
            en="{path} holds no statement of a seal that this version knows.",
            fr="{path} ne contient aucune déclaration de scellement que cette version connaît.",
        ),
        Text(
            en="Verify it with the version of the kit that made it, or as VERIFY.txt says.",
            fr="Vérifiez-le avec la version de l'outil qui l'a fait, ou comme le dit VERIFY.txt.",
        ),
    ),
    "bundle-key-unreadable": Entry(
        Text(
            en="{path} is not a public key as a seal writes it.",
            fr="{path} n'est pas une clé publique telle qu'un scellement l'écrit.",
        ),
        _AS_IT_CAME,
    ),
    "verify-nothing-there": Entry(
        Text(
            en="{path} is neither a bundle nor the folder of one.",
            fr="{path} n'est ni un dossier scellé, ni le répertoire d'un tel dossier.",
        ),
        Text(
            en="Name a zip file that runbook seal wrote, the folder you unpacked it in, or the zip file of a roll-up.",
            fr="Nommez un fichier zip écrit par runbook seal, le répertoire où vous l'avez extrait, ou le zip d'un récapitulatif.",
        ),
    ),
    "verify-not-sealed": Entry(
        Text(
            en="{path} is the folder of a run, and nothing in it is sealed.",
            fr="{path} est le dossier d'une exécution, et rien n'y est scellé.",
        ),
        Text(
            en="Seal it with runbook seal, and verify the bundle that this writes.",
            fr="Scellez-la avec runbook seal, puis vérifiez le fichier ainsi écrit.",
        ),
    ),
    # the time stamp
    "time-stamp-refused": Entry(
        Text(
            en="The time stamp authority refuses: {detail}.",
            fr="L'autorité d'horodatage refuse : {detail}.",
        ),
        Text(
            en="Nothing was sealed. Ask the authority what it takes, or seal without --time-stamp.",
            fr="Rien n'a été scellé. Demandez à l'autorité ce qu'elle accepte, ou scellez sans --time-stamp.",
        ),
    ),
    "time-stamp-other": Entry(
        Text(
            en="The time stamp is about something else ({detail}).",
            fr="L'horodatage porte sur autre chose ({detail}).",
        ),
        Text(
            en="It counts for nothing. If it just came from the authority, something between you and it changes what is sent.",
            fr="Il ne compte pas. S'il vient d'arriver de l'autorité, quelque chose entre elle et vous modifie les échanges.",
        ),
    ),
    "time-stamp-unreadable": Entry(
        Text(
            en="{path}: this is no time stamp (RFC 3161) in the form in which one is written.",
            fr="{path} : ce n'est pas un horodatage (RFC 3161) dans la forme prescrite.",
        ),
        Text(
            en="If the authority just sent it, use another authority. In a bundle, it was changed since.",
            fr="Si l'autorité vient de l'envoyer, choisissez-en une autre. Dans un dossier scellé, il a été modifié depuis.",
        ),
    ),
    "time-stamp-http": Entry(
        Text(
            en="{target}: the answer is no time stamp (HTTP status {status}, {kind}).",
            fr="{target} : la réponse n'est pas un horodatage (statut HTTP {status}, {kind}).",
        ),
        Text(
            en="Check the address of the time stamp authority. Nothing was sealed.",
            fr="Vérifiez l'adresse de l'autorité d'horodatage. Rien n'a été scellé.",
        ),
    ),
    "roots-unreadable": Entry(
        Text(en="{file} cannot be read: {detail}.", fr="{file} ne peut pas être lu : {detail}."),
        Text(
            en="Give a PEM file with the certificates of the time stamp authorities that you trust.",
            fr="Donnez un fichier PEM avec les certificats des autorités d'horodatage auxquelles vous faites confiance.",
        ),
    ),
    "roots-none": Entry(
        Text(en="{file} holds no certificate.", fr="{file} ne contient aucun certificat."),
        Text(
            en="Give a PEM file with the certificates of the time stamp authorities that you trust.",
            fr="Donnez un fichier PEM avec les certificats des autorités d'horodatage auxquelles vous faites confiance.",
        ),
    ),
}
