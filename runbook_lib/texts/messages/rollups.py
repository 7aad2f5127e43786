"""Messages about batches of several tenants, and the roll-ups that are sealed of them."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_NOT_WHOLE = Text(
    en="Ask for it where the batch was sealed. Until then nothing is known of this tenant.",
    fr="Demandez-le là où le lot a été scellé. D'ici là, rien n'est su de ce locataire.",
)

MESSAGES: dict[str, Entry] = {
    "batch-unreadable": Entry(
        Text(en="{path} is not the record of a batch.", fr="{path} n'est pas le dossier d'un lot."),
        Text(
            en="It is written under _batches in the outputs when several tenants are run together.",
            fr="Il est écrit sous _batches dans les sorties lorsque plusieurs locataires sont traités ensemble.",
        ),
    ),
    "seal-nothing-named": Entry(
        Text(en="No run is named.", fr="Aucune exécution n'est nommée."),
        Text(
            en="Name the folders of runs, or with --rollup the record of a batch.",
            fr="Nommez les dossiers des exécutions, ou avec --rollup le dossier d'un lot.",
        ),
    ),
    "rollup-complete": Entry(
        Text(
            en="{count} {count:tenant was|tenants were} planned together, and each is accounted for: {names}.",
            fr="{count} {count:locataire était prévu|locataires étaient prévus} ensemble, et chacun est recensé : {names}.",
        )
    ),
    "rollup-not-begun": Entry(
        Text(
            en="What became of {tenant}: its run was never begun, so there is no evidence.",
            fr="Ce qu'il en est de {tenant} : son exécution n'a jamais commencé, il n'y a donc pas de preuve.",
        )
    ),
    "rollup-not-sealed": Entry(
        Text(
            en="What became of {tenant}: its run could not be sealed ({why}).",
            fr="Ce qu'il en est de {tenant} : son exécution n'a pas pu être scellée ({why}).",
        ),
        Text(
            en="Have its run sealed by itself, once the cause is mended.",
            fr="Faites sceller son exécution à part, une fois la cause corrigée.",
        ),
    ),
    "rollup-tenant-missing": Entry(
        Text(
            en="Planned together, and not in the roll-up: {names}.",
            fr="Prévus ensemble, mais absents du récapitulatif : {names}.",
        ),
        _NOT_WHOLE,
    ),
    "rollup-tenant-added": Entry(
        Text(
            en="In the roll-up, and not planned together: {names}.",
            fr="Dans le récapitulatif, mais non prévus ensemble : {names}.",
        ),
        Text(en="Ask whoever sealed it.", fr="Interrogez la personne qui l'a scellé."),
    ),
    "rollup-bundle-missing": Entry(
        Text(
            en="{tenant}: its bundle {name} is not beside the roll-up.",
            fr="{tenant} : son dossier scellé {name} n'est pas à côté du récapitulatif.",
        ),
        _NOT_WHOLE,
    ),
    "rollup-bundle-other": Entry(
        Text(
            en="{tenant}: {name} is not the bundle that the roll-up names: it was changed, or another has its name.",
            fr="{tenant} : {name} n'est pas le dossier que nomme le récapitulatif : il a été modifié, ou un autre porte son nom.",
        ),
        _NOT_WHOLE,
    ),
    "rollup-unreadable": Entry(
        Text(
            en="{path} and what was signed of it are no roll-up that this version knows.",
            fr="{path} et ce qui en a été signé ne forment pas un récapitulatif que cette version connaît.",
        ),
        Text(en="Ask for it again.", fr="Redemandez-le."),
    ),
}
