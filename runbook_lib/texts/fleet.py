"""The words of the command line for several tenants at once."""

from __future__ import annotations

from runbook_lib.texts.text import Text

FLEET_OPTIONS: dict[str, Text] = {
    "fleet-file": Text(
        en="a fleet's file, in place of the tenants' files: see docs/fleet.md",
        fr="fichier d'une flotte, à la place de ceux des locataires : voir docs/fleet.md",
    ),
    "limit-to": Text(
        en="only these: names (contoso, eu-*), tag:NAME, or @failed by the newest run of this runbook",
        fr="seulement ceux-ci : des noms (contoso, eu-*), tag:NOM, ou @failed d'après la dernière exécution de cette procédure",
    ),
    "overrides": Text(
        en="a file of parameters that lie over those of every tenant, for this command",
        fr="fichier de paramètres qui priment sur ceux de chaque locataire, pour cette commande",
    ),
    "set-value": Text(
        en="one parameter over those of every tenant, such as connect.wait_seconds=600; may be given again",
        fr="un paramètre qui prime sur ceux de chaque locataire, par exemple connect.wait_seconds=600 ; peut être répété",
    ),
    "exclude": Text(en="all but these, named in the same way", fr="tous sauf ceux-ci, désignés de la même façon"),
    "waves": Text(
        en="waves, such as 1,5,25%,rest: a wave begins when the one before came out well (default: everybody at once)",
        fr="des vagues, par exemple 1,5,25%,rest : une vague commence quand la précédente s'est bien passée (par défaut : tous à la fois)",
    ),
    "soak": Text(
        en="seconds to wait after a wave (default: 0)", fr="secondes d'attente après une vague (par défaut : 0)"
    ),
    "require-level": Text(
        en="level of the verification ladder that a whole wave must have reached before the next",
        fr="niveau de l'échelle de vérification que toute une vague doit atteindre avant la suivante",
    ),
    "window": Text(
        en="hours in which tenants may be begun, such as 22:00-05:00 Europe/Paris (without a zone: UTC)",
        fr="heures auxquelles un locataire peut être commencé, par exemple 22:00-05:00 Europe/Paris (sans fuseau : UTC)",
    ),
    "freeze": Text(
        en="day or days on which nobody is begun, such as 2026-12-20/2027-01-05; may be given again",
        fr="jour ou jours où personne n'est commencé, par exemple 2026-12-20/2027-01-05 ; peut être répété",
    ),
    "jobs": Text(
        en="how many tenants at once (default: 1)",
        fr="combien de locataires à la fois (par défaut : 1)",
    ),
    "max-failures": Text(
        en="how many tenants may fail: with one more than N, or more than P percent of all, no further one is begun",
        fr="combien de locataires peuvent échouer : au-delà de N, ou de P pour cent du total, aucun autre n'est commencé",
    ),
    "kernels": Text(
        en="forked from a warm process, or ordinary programs (default: forked for several tenants, on Linux)",
        fr="dupliqués d'un processus préparé (forked) ou programmes ordinaires (par défaut : dupliqués pour plusieurs locataires, sous Linux)",
    ),
    "scheduler": Text(
        en="run the tenants on the workers behind this Dask scheduler: tcp://HOST:PORT or tls://HOST:PORT, see docs/fleet.md",
        fr="exécuter les locataires sur les workers de cet ordonnanceur Dask : tcp://HÔTE:PORT ou tls://HÔTE:PORT, voir docs/fleet.md",
    ),
    "events": Text(
        en="print what happens as JSON, one event a line, for machines: see docs/fleet.md",
        fr="afficher ce qui se passe en JSON, un événement par ligne, pour les machines : voir docs/fleet.md",
    ),
    "limit-rate": Text(
        en="requests a second of all runs together, such as graph=20/s,token=5/s,portal=30/m, or none "
        "(default for several tenants: graph=200/s,token=50/s,portal=20/s)",
        fr="requêtes par seconde de toutes les exécutions ensemble, par exemple graph=20/s,token=5/s,portal=30/m, ou none "
        "(par défaut pour plusieurs locataires : graph=200/s,token=50/s,portal=20/s)",
    ),
    "time-limit": Text(
        en="how many seconds a run may take; one that takes longer is stopped and can be gone on with (default: no limit)",
        fr="durée maximale d'une exécution en secondes ; au-delà elle est arrêtée et peut être reprise (par défaut : sans limite)",
    ),
}

FLEET_LINES: dict[str, Text] = {
    "wave": Text(
        en="Wave {number} of {waves}: {tenants} {tenants:tenant|tenants}.",
        fr="Vague {number} sur {waves} : {tenants} {tenants:locataire|locataires}.",
    ),
    "soaking": Text(
        en="Waiting {seconds} {seconds:second|seconds} before the next wave. Ctrl+C: no further wave.",
        fr="Attente de {seconds} {seconds:seconde|secondes} avant la vague suivante. Ctrl+C : plus aucune vague.",
    ),
    "below-level": Text(
        en="Below level {level}: {tenants}. No further wave is begun.",
        fr="Sous le niveau {level} : {tenants}. Aucune autre vague n'est commencée.",
    ),
    "window-closed": Text(
        en="The change window is closed: no further tenant is begun.",
        fr="La fenêtre de changement est fermée : aucun autre locataire n'est commencé.",
    ),
    "stopping": Text(
        en="Stopping: no further tenant is begun, and those that run come to their end. Ctrl+C again stops them at once.",
        fr="Arrêt : aucun autre locataire n'est commencé, et ceux en cours vont à leur terme. Un second Ctrl+C les arrête aussitôt.",
    ),
    "too-many-failures": Text(
        en="More than {limit} {limit:tenant|tenants} failed: no further one is begun.",
        fr="Plus de {limit} {limit:locataire|locataires} en échec : aucun autre n'est commencé.",
    ),
    "too-many-failures-percent": Text(
        en="More than {limit}% of the tenants failed: no further one is begun.",
        fr="Plus de {limit} % des locataires en échec : aucun autre n'est commencé.",
    ),
    "fleet-planned": Text(
        en="The plans of {count} {count:tenant|tenants} are listed in {file}.",
        fr="Les plans de {count} {count:locataire|locataires} sont réunis dans {file}.",
    ),
    "fleet-plan-same": Text(
        en="{count} {count:tenant|tenants}: {tenants}", fr="{count} {count:locataire|locataires} : {tenants}"
    ),
    "fleet-plan-left-out": Text(
        en="Nothing to approve for {count} {count:tenant|tenants}: {tenants}",
        fr="Rien à approuver pour {count} {count:locataire|locataires} : {tenants}",
    ),
    "fleet-plan-digest": Text(
        en="Digest of the list of {count} {count:plan|plans}: {digest}",
        fr="Empreinte de la liste de {count} {count:plan|plans} : {digest}",
    ),
    "approve-all-with": Text(en="To approve and apply all of it:", fr="Pour tout approuver et appliquer :"),
    "approve-fleet": Text(
        en="{count} of them {count:names|name} a roster and {count:needs|need} signatures. Yours counts for each plan of the list.",
        fr="{count} d'entre eux {count:désigne|désignent} un registre et {count:exige|exigent} des signatures. La vôtre vaut pour chaque plan de la liste.",
    ),
    "fleet-plan-approved": Text(
        en="Applying {count} {count:plan|plans} of the list {digest}.",
        fr="Application de {count} {count:plan|plans} de la liste {digest}.",
    ),
    "fleet-plan-without": Text(
        en="Planned with nothing to approve, so not applied: {tenants} ({count}).",
        fr="Planifiés sans rien à approuver, donc non appliqués : {tenants} ({count}).",
    ),
    "fleet-plan-not-now": Text(
        en="Approved, and not among the tenants that were chosen: {tenants} ({count}).",
        fr="Approuvés, et absents des locataires choisis : {tenants} ({count}).",
    ),
    "waiting-turn": Text(
        en="{tenant} waits {seconds} {seconds:second|seconds} for its turn at {service}.",
        fr="{tenant} attend {seconds} {seconds:seconde|secondes} son tour auprès de {service}.",
    ),
    "not-forked": Text(
        en="Kernels cannot be forked here ({detail}). Ordinary ones are used: slower, and otherwise the same.",
        fr="Les noyaux ne peuvent pas être dupliqués ici ({detail}). Des noyaux ordinaires sont utilisés : plus lents, mais équivalents.",
    ),
    "on-cluster": Text(
        en="{workers} {workers:worker|workers} at {scheduler}; {tenants} {tenants:tenant|tenants} at once.",
        fr="{workers} {workers:worker|workers} derrière {scheduler} ; {tenants} {tenants:locataire|locataires} à la fois.",
    ),
    "scheduler-readable": Text(
        en="Others on the network can read and change what goes to {scheduler}: parameters and sign-in codes. Use tls:// outside of a closed network.",
        fr="D'autres sur le réseau peuvent lire et modifier ce qui va à {scheduler} : paramètres et codes de connexion. Utilisez tls:// hors d'un réseau fermé.",
    ),
    "begun-again": Text(
        en="{tenant}: its worker was lost before anything was sent. Another one goes on.",
        fr="{tenant} : son worker a été perdu avant tout envoi. Un autre continue.",
    ),
}
