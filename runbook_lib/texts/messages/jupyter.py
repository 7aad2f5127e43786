"""Messages of starting JupyterLab."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "jupyterlab-missing": Entry(
        Text(
            en="JupyterLab is not installed in this Python.",
            fr="JupyterLab n'est pas installé dans ce Python.",
        ),
        Text(
            en="Install what the kit runs with: make lab does so, or pip install --requirement requirements/run.txt",
            fr="Installez ce dont le kit a besoin : make lab le fait, ou pip install --requirement requirements/run.txt",
        ),
    ),
    "notebooks-missing": Entry(
        Text(
            en="There are no notebooks in {folder}.",
            fr="Il n'y a pas de notebooks dans {folder}.",
        ),
        Text(
            en="Start it in the folder of the kit, where the folder notebooks is.",
            fr="Lancez-le dans le dossier du kit, où se trouve le dossier notebooks.",
        ),
    ),
    "notebook-already-runs": Entry(
        Text(
            en="JupyterLab of the kit already runs on the notebooks in {folder}.",
            fr="JupyterLab du kit tourne déjà sur les notebooks de {folder}.",
        ),
        Text(
            en="Go on there: its address is in the terminal that it was started in. Or stop that one with Ctrl+C.",
            fr="Continuez là-bas : son adresse est dans le terminal où il a été lancé. Ou arrêtez-le avec Ctrl+C.",
        ),
    ),
    "notebook-folder-not-writable": Entry(
        Text(
            en="JupyterLab needs the folder {folder}, and it cannot be written: {detail}.",
            fr="JupyterLab a besoin du dossier {folder}, et il n'est pas possible d'y écrire : {detail}.",
        ),
        Text(
            en="Mend its rights or make room on the disk; on Linux, XDG_STATE_HOME names another place.",
            fr="Corrigez ses droits ou faites de la place sur le disque ; sous Linux, XDG_STATE_HOME désigne un autre endroit.",
        ),
    ),
    "notebook-port-taken": Entry(
        Text(
            en="JupyterLab cannot listen on port {port} of this computer: another program does.",
            fr="JupyterLab ne peut pas écouter sur le port {port} de cet ordinateur : un autre programme y écoute.",
        ),
        Text(
            en="Choose another port, or leave the option out: a free one is taken.",
            fr="Choisissez un autre port, ou omettez l'option : un port libre est pris.",
        ),
    ),
    "notebook-port-wrong": Entry(
        Text(en="{port} is no port.", fr="{port} n'est pas un port."),
        Text(
            en="Give a number between 1 and 65535, or leave the option out: a free one is taken.",
            fr="Donnez un nombre entre 1 et 65535, ou omettez l'option : un port libre est pris.",
        ),
    ),
    "notebook-server-failed": Entry(
        Text(
            en="{target} did not start. Its last words: “{detail}”.",
            fr="{target} n'a pas démarré. Ses derniers mots : « {detail} ».",
        ),
        Text(en="All it said is in {log}.", fr="Tout ce qu'il a dit est dans {log}."),
    ),
}
