"""The words of the place where screenshots are handed in."""

from __future__ import annotations

from runbook_lib.texts.text import Text

# Handed to the browser by these names.
PASTE: dict[str, Text] = {
    "zone": Text(en="Screenshots", fr="Captures d'écran"),
    "how": Text(
        en="Paste a screenshot here with Ctrl+V (Windows takes one with Win+Shift+S), drop a file, or choose one.",
        fr="Collez ici une capture avec Ctrl+V (Windows en prend une avec Win+Maj+S), déposez un fichier, ou choisissez-en un.",
    ),
    "choose": Text(en="Choose a picture…", fr="Choisir une image…"),
    "limits": Text(
        en="PNG or JPEG, up to {most} MB each, {pictures} pictures. They are kept as they are: show no password or code in them.",
        fr="PNG ou JPEG, {most} Mo au plus chacune, {pictures} images. Elles sont conservées telles quelles : aucun mot de passe "
        "ni code ne doit s'y voir.",
    ),
    "remove": Text(en="Remove", fr="Retirer"),
    "sending": Text(en="The picture is being handed over…", fr="Transmission de l'image…"),
    "no-picture": Text(
        en="There is no picture in what was pasted or dropped. Only PNG and JPEG pictures are taken.",
        fr="Rien de ce qui a été collé ou déposé n'est une image. Seules les images PNG et JPEG sont prises.",
    ),
    "too-large": Text(
        en="This picture has more than {most} MB, so it was not sent. Take a picture of the window alone, or save it as JPEG.",
        fr="Cette image dépasse {most} Mo et n'a pas été envoyée. Capturez seulement la fenêtre, ou enregistrez-la en JPEG.",
    ),
}

# Said by the kernel, once it has looked.
PASTED: dict[str, Text] = {
    "about": Text(
        en="{name}: {kind}, {width} × {height} pixels, {size}", fr="{name} : {kind}, {width} × {height} pixels, {size}"
    ),
    "preview": Text(en="Reduced view of {name}", fr="Vue réduite de {name}"),
    "remove-this": Text(en="Remove {name}", fr="Retirer {name}"),
    "added": Text(
        en="{name} is here. Look whether it shows the right page.",
        fr="{name} est là. Vérifiez qu'elle montre la bonne page.",
    ),
    "removed": Text(en="{name} is removed.", fr="{name} est retirée."),
    "already-there": Text(en="This picture is already here.", fr="Cette image est déjà là."),
    "too-many": Text(
        en="{most} pictures are the most. Remove one first.", fr="{most} images au maximum. Retirez-en d'abord une."
    ),
    "not-understood": Text(
        en="What the browser sent was not understood, and nothing was taken.",
        fr="Ce que le navigateur a envoyé n'a pas été compris, et rien n'a été pris.",
    ),
}
