"""The words of what is shown while a fleet runs, and of how it came out."""

from __future__ import annotations

from runbook_lib.texts.text import Text

# How many tenants came out how, by the kinds of `cli.progress`.
FLEET_KINDS: dict[str, Text] = {
    "fine": Text(en="{count} in order", fr="{count} {count:conforme|conformes}"),
    "planned": Text(en="{count} to approve", fr="{count} à approuver"),
    "operator": Text(
        en="{count} {count:needs|need} an operator", fr="{count} {count:requiert|requièrent} un opérateur"
    ),
    "failed": Text(en="{count} failed or blocked", fr="{count} en échec ou {count:bloqué|bloqués}"),
    "unknown": Text(en="{count} unknown", fr="{count} {count:inconnu|inconnus}"),
    "stopped": Text(en="{count} stopped", fr="{count} {count:arrêté|arrêtés}"),
}

# The same of one tenant, where none of its steps says more.
FLEET_KIND_WORDS: dict[str, Text] = {
    "fine": Text(en="In order", fr="Conforme"),
    "planned": Text(en="To approve", fr="À approuver"),
    "operator": Text(en="Needs an operator", fr="Opérateur requis"),
    "failed": Text(en="Failed", fr="Échec"),
    "unknown": Text(en="Unknown", fr="Inconnu"),
    "stopped": Text(en="Stopped", fr="Arrêté"),
}

# What is shown while a fleet runs.
FLEET_LIVE: dict[str, Text] = {
    "wave": Text(en="Wave {number} of {waves}", fr="Vague {number} sur {waves}"),
    "soaks": Text(en="next wave in {left}", fr="vague suivante dans {left}"),
    "done": Text(
        en="{done} of {total} {total:tenant|tenants} done",
        fr="{done} {done:terminé|terminés} sur {total} {total:locataire|locataires}",
    ),
    "running": Text(en="{count} running", fr="{count} en cours"),
    "waiting": Text(en="{count} left", fr="{count} à venir"),
    "not-begun": Text(
        en="stopping: {count} will not be begun",
        fr="arrêt : {count} ne {count:sera pas commencé|seront pas commencés}",
    ),
    "rate": Text(en="{rate} a minute", fr="{rate} par minute"),
    "elapsed": Text(en="{time} so far", fr="depuis {time}"),
    "left": Text(en="about {time} left", fr="encore {time} environ"),
    "more": Text(en="… and {count} more", fr="… et {count} de plus"),
    "begins": Text(en="begins", fr="commence"),
    "waits": Text(en="waits for its turn at {service}, {left}", fr="attend son tour auprès de {service}, {left}"),
    "as": Text(en="as {tenant} above", fr="comme {tenant} ci-dessus"),
}

# What is said at the end of a fleet.
FLEET_END: dict[str, Text] = {
    "came-out": Text(
        en="{count} of {total} {total:tenant|tenants} in {time}",
        fr="{count} sur {total} {total:locataire|locataires} en {time}",
    ),
    "count": Text(en="How many", fr="Combien"),
    "stands": Text(en="What stands in the way, and what to do", fr="Ce qui fait obstacle, et que faire"),
    "tenants": Text(en="Tenants", fr="Locataires"),
    "more-causes": Text(
        en="… and {count} more {count:cause|causes}, on the page over all tenants.",
        fr="… et {count} {count:autre cause|autres causes}, sur la page de tous les locataires.",
    ),
    "worklist": Text(
        en="{count} {count:tenant needs|tenants need} a person: {tenants}. What to do is on the worklist.",
        fr="{count} {count:locataire requiert|locataires requièrent} une personne : {tenants}. La liste de travail dit que faire.",
    ),
    "unwritten": Text(en="Not written: {path}. {detail}", fr="Non écrit : {path}. {detail}"),
    "file-record": Text(
        en="Who was planned, and how each ended: {path}", fr="Qui était prévu, et l'issue de chacun : {path}"
    ),
    "file-status": Text(en="All tenants on one page: {path}", fr="Tous les locataires sur une page : {path}"),
    "file-worklist": Text(
        en="Worklist: {path} (and the same as .csv)", fr="Liste de travail : {path} (et la même en .csv)"
    ),
    "again": Text(
        en="Once what stands in the way is settled, plan again for those alone:",
        fr="Une fois les obstacles levés, planifiez de nouveau pour ceux-là seuls :",
    ),
    "rest": Text(
        en="To go on with those that were not begun:", fr="Pour continuer avec ceux qui n'ont pas été commencés :"
    ),
    "seal": Text(
        en="To seal every record, and a roll-up that names every tenant:",
        fr="Pour sceller chaque dossier, et un récapitulatif nommant chaque locataire :",
    ),
}

# What a fleet is going to do, part by part.
FLEET_AHEAD: dict[str, Text] = {
    "plan": Text(
        en="{runbook} is planned for {count} {count:tenant|tenants}",
        fr="{runbook} est planifié pour {count} {count:locataire|locataires}",
    ),
    "apply": Text(
        en="{runbook} is applied to {count} {count:tenant|tenants}",
        fr="{runbook} est appliqué à {count} {count:locataire|locataires}",
    ),
    "live": Text(en="LIVE: {count} real", fr="RÉEL : {count} {count:vrai|vrais}"),
    "lab": Text(en="LAB", fr="LABO"),
    "at-once": Text(en="{count} at once", fr="{count} à la fois"),
    "waves": Text(en="waves of {sizes}", fr="vagues de {sizes}"),
    "soak": Text(
        en="{seconds} {seconds:second|seconds} between them",
        fr="{seconds} {seconds:seconde|secondes} entre elles",
    ),
    "level": Text(en="each to reach {level}", fr="chacune doit atteindre {level}"),
    "failures": Text(en="stopped once more than {limit} failed", fr="arrêt au-delà de {limit} en échec"),
    "time-limit": Text(
        en="at most {seconds} {seconds:second|seconds} a run",
        fr="{seconds} {seconds:seconde|secondes} au plus par exécution",
    ),
    "window": Text(en="begun {hours} only", fr="commencés {hours} seulement"),
    "freeze": Text(en="not on {days}", fr="sauf {days}"),
}
