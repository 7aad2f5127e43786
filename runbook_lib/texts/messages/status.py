"""Messages about the page over all tenants, and the tables beside it."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "status-suffix": Entry(
        Text(en="{path}: this name does not end with {suffixes}.", fr="{path} : ce nom ne finit pas par {suffixes}."),
        Text(
            en="Give a page a name with .html, a table one with .csv or .parquet.",
            fr="Donnez à une page un nom en .html, à un tableau un nom en .csv ou .parquet.",
        ),
    ),
    "status-inside-run": Entry(
        Text(
            en="{path} lies in the folder of a run, where nothing but its evidence is kept. Nothing was written.",
            fr="{path} se trouve dans le dossier d'une exécution, où rien d'autre que ses preuves n'est gardé. Rien n'a été écrit.",
        ),
        Text(
            en="Give a place outside of it, such as status.html in the folder of the outputs.",
            fr="Donnez un autre endroit, par exemple status.html dans le dossier des sorties.",
        ),
    ),
    "status-roster-alone": Entry(
        Text(
            en="The terminal does not show seals, so a roster says nothing there.",
            fr="Le terminal ne montre pas les scellés : un registre n'y sert à rien.",
        ),
        Text(
            en="Ask for a page or a table as well: --html, --csv or --parquet.",
            fr="Demandez aussi une page ou un tableau : --html, --csv ou --parquet.",
        ),
    ),
    "status-cannot-write": Entry(
        Text(en="{path} cannot be written: {detail}.", fr="{path} ne peut pas être écrit : {detail}."),
        Text(
            en="Check that its folder is there, its free space and your rights. The records were only read.",
            fr="Vérifiez que son dossier existe, son espace libre et vos droits. Les dossiers n'ont été que lus.",
        ),
    ),
    "parquet-package-missing": Entry(
        Text(
            en="Parquet needs a package that is not installed here, or does not work.",
            fr="Parquet demande un paquet qui n'est pas installé ici, ou qui ne fonctionne pas.",
        ),
        Text(
            en="Install it in the folder of the kit: pip install '.[{extra}]'. Or ask for --csv, which needs nothing.",
            fr="Installez-le dans le dossier de l'outil : pip install '.[{extra}]'. Ou demandez --csv, qui ne demande rien.",
        ),
    ),
}
