"""Messages about fleets: their files, waves, windows and limits."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    # the file
    "parameter-not-a-tag": Entry(
        Text(en="This is not a tag.", fr="Ce n'est pas une étiquette."),
        Text(
            en="Use up to 32 small letters, digits, - and _, such as eu or pilot-1.",
            fr="Utilisez jusqu'à 32 minuscules, chiffres, - et _, par exemple eu ou pilote-1.",
        ),
    ),
    "fleet-not-here": Entry(
        Text(
            en="This says which tenant or run it is, so it cannot stand here.",
            fr="Ceci dit de quel locataire ou de quelle exécution il s'agit\u00a0: sa place n'est pas ici.",
        ),
        Text(
            en="Write it into the tenant's own file, or leave it out.",
            fr="Écrivez-le dans le fichier du locataire, ou supprimez-le.",
        ),
    ),
    "set-unreadable": Entry(
        Text(en="This is no parameter and its value.", fr="Ce n'est pas un paramètre et sa valeur."),
        Text(
            en="Write it as NAME=VALUE, such as connect.wait_seconds=600.",
            fr="Écrivez NOM=VALEUR, par exemple connect.wait_seconds=600.",
        ),
    ),
    "set-value-unreadable": Entry(
        Text(en="The value cannot be read.", fr="La valeur ne peut pas être lue."),
        Text(
            en="Write it as in a tenant's file, in quotes where it holds a colon, and quote it for the shell.",
            fr="Écrivez-la comme dans le fichier d'un locataire, entre guillemets si elle contient un deux-points, et protégez-la du shell.",
        ),
    ),
    "fleet-without-tenants": Entry(
        Text(en="The fleet has no tenants.", fr="La flotte n'a aucun locataire."),
        Text(
            en="Name at least one file: - file: tenants/contoso.yml",
            fr="Indiquez au moins un fichier\u00a0: - file: tenants/contoso.yml",
        ),
    ),
    "fleet-no-files": Entry(
        Text(en="No file is called like that.", fr="Aucun fichier ne porte un tel nom."),
        Text(
            en="Names start at the folder of the fleet's file.",
            fr="Les noms partent du dossier du fichier de la flotte.",
        ),
    ),
    "fleet-file-twice": Entry(
        Text(
            en="{again} belongs to the fleet already, by line {first}.",
            fr="{again} fait déjà partie de la flotte, par la ligne {first}.",
        ),
        Text(en="Name each tenant once.", fr="Indiquez chaque locataire une seule fois."),
    ),
    # who
    "files-or-fleet": Entry(
        Text(
            en="Tenants are named by their files or by a fleet's file, by exactly one of the two.",
            fr="Les locataires se désignent par leurs fichiers ou par le fichier d'une flotte, par l'un des deux exactement.",
        ),
        Text(
            en="Use -p FILE… or --fleet FILE.",
            fr="Utilisez -p FICHIER… ou --fleet FICHIER.",
        ),
    ),
    "server-twice": Entry(
        Text(
            en="{first} and {second} are for one sync server: {server}.",
            fr="{first} et {second} concernent un même serveur de synchronisation\u00a0: {server}.",
        ),
        Text(
            en="A sync server serves one tenant: correct the address in one of them.",
            fr="Un serveur de synchronisation sert un seul locataire\u00a0: corrigez l'adresse dans l'un des deux.",
        ),
    ),
    "nobody-meant": Entry(
        Text(en="No tenant is meant by {pattern}.", fr="{pattern} ne désigne aucun locataire."),
        Text(
            en="Use the name of a tenant, with * for any letters, tag:NAME, or @failed.",
            fr="Utilisez le nom d'un locataire, avec * pour des lettres quelconques, tag:NOM, ou @failed.",
        ),
    ),
    "nobody-chosen": Entry(
        Text(
            en="Of {count} {count:tenant|tenants}, nobody is left.",
            fr="Sur {count} {count:locataire|locataires}, il ne reste personne.",
        ),
        Text(
            en="Look at what --limit and --exclude say. After --limit @failed it means that no newest run failed.",
            fr="Vérifiez --limit et --exclude. Après --limit @failed, cela veut dire qu'aucune dernière exécution n'a échoué.",
        ),
    ),
    # the plan of a fleet
    "fleet-plan-unreadable": Entry(
        Text(
            en="{file} cannot be read as the plan of a fleet.",
            fr="{file} ne peut pas être lu comme le plan d'une flotte.",
        ),
        Text(
            en="Give the file that runbook plan wrote under _batches in the outputs.",
            fr="Donnez le fichier que runbook plan a écrit sous _batches dans les sorties.",
        ),
    ),
    "fleet-plan-damaged": Entry(
        Text(
            en="{file} is not the list of plans that its digest names.",
            fr="{file} n'est pas la liste de plans que son empreinte désigne.",
        ),
        Text(
            en="It was changed after it was written. Plan again.",
            fr="Il a été modifié après son écriture. Refaites le plan.",
        ),
    ),
    "fleet-plan-alone": Entry(
        Text(
            en="{file} is the plan of a fleet, and not the only thing that is approved.",
            fr="{file} est le plan d'une flotte, et ce n'est pas la seule chose approuvée.",
        ),
        Text(
            en="Give it alone: it names every plan that it approves.",
            fr="Donnez-le seul\u00a0: il désigne tous les plans qu'il approuve.",
        ),
    ),
    "fleet-plan-tenant-added": Entry(
        Text(
            en="The plan of the fleet was made without {tenants}. Nothing was sent.",
            fr="Le plan de la flotte a été fait sans {tenants}. Rien n'a été envoyé.",
        ),
        Text(
            en="Plan again with all of them, or leave the new ones out with --exclude.",
            fr="Refaites le plan avec tous, ou écartez les nouveaux avec --exclude.",
        ),
    ),
    "fleet-plan-of-others": Entry(
        Text(
            en="The plan of the fleet is also for {tenants}, which the fleet has not. Nothing was sent.",
            fr="Le plan de la flotte vaut aussi pour {tenants}, que la flotte n'a pas. Rien n'a été envoyé.",
        ),
        Text(
            en="Name the fleet that was planned, choose on purpose with --limit or --exclude, or plan again.",
            fr="Indiquez la flotte planifiée, choisissez délibérément avec --limit ou --exclude, ou refaites le plan.",
        ),
    ),
    "fleet-plan-of-nobody": Entry(
        Text(
            en="The plan of the fleet has nothing to approve for any tenant that was chosen.",
            fr="Le plan de la flotte n'a rien à approuver pour aucun des locataires choisis.",
        ),
        Text(
            en="Look at what --limit and --exclude say.",
            fr="Vérifiez --limit et --exclude.",
        ),
    ),
    "approval-of-other-fleet": Entry(
        Text(
            en="{file} is an approval of none of these plans, or of none that names a roster.",
            fr="{file} n'approuve aucun de ces plans, ou aucun qui désigne un registre.",
        ),
        Text(
            en="Give the approval of the fleet's plan that you apply.",
            fr="Donnez l'approbation du plan de flotte que vous appliquez.",
        ),
    ),
    # what is printed
    "json-and-events": Entry(
        Text(
            en="--json prints one document, and --events a line for each event: not both on one output.",
            fr="--json affiche un seul document, et --events une ligne par événement\u00a0: pas les deux sur une même sortie.",
        ),
        Text(
            en="Leave one out. The document's entries are in the events, too, as tenant-ended.",
            fr="Retirez l'une des deux. Les entrées du document sont aussi dans les événements tenant-ended.",
        ),
    ),
    # waves
    "soak-negative": Entry(
        Text(en="Nobody can wait {seconds} seconds.", fr="On ne peut pas attendre {seconds} secondes."),
        Text(
            en="Give the seconds after each wave, from 0 on.",
            fr="Donnez les secondes après chaque vague, à partir de 0.",
        ),
    ),
    "level-unknown": Entry(
        Text(
            en="The verification ladder has no level {level}.",
            fr="L'échelle de vérification n'a pas de niveau {level}.",
        ),
        Text(en="Use one of these: {known}.", fr="Utilisez l'un de ceux-ci\u00a0: {known}."),
    ),
    "waves-wrong": Entry(
        Text(
            en="{wave} is no wave, in {waves}.",
            fr="{wave} n'est pas une vague, dans {waves}.",
        ),
        Text(
            en="A wave is a number of tenants from 1 on, a percentage from 1% to 100%, or rest: 1,5,25%,rest",
            fr="Une vague est un nombre de locataires à partir de 1, un pourcentage de 1% à 100%, ou rest\u00a0: 1,5,25%,rest",
        ),
    ),
    "waves-after-rest": Entry(
        Text(
            en="In {waves}, nobody is left for what comes after rest.",
            fr="Dans {waves}, il ne reste personne pour ce qui suit rest.",
        ),
        Text(en="Put rest last, and once.", fr="Mettez rest à la fin, et une seule fois."),
    ),
    "waves-overlap": Entry(
        Text(
            en="The percentages in {waves} come to {percent}%: waves would overlap.",
            fr="Les pourcentages de {waves} font {percent}%\u00a0: des vagues se chevaucheraient.",
        ),
        Text(en="Let them come to at most 100%.", fr="Ne dépassez pas 100% en tout."),
    ),
    "waves-leave-tenants": Entry(
        Text(
            en="{count} of {total} tenants would be in no wave.",
            fr="{count} des {total} locataires ne seraient dans aucune vague.",
        ),
        Text(en="Add rest as the last wave.", fr="Ajoutez rest comme dernière vague."),
    ),
    # how fast, how long
    "limit-rate-wrong": Entry(
        Text(en="{given} is no limit of a rate.", fr="{given} n'est pas une limite de débit."),
        Text(
            en="Write it like graph=20/s,portal=30/m, for some of {known}, or none.",
            fr="Écrivez-la comme graph=20/s,portal=30/m, pour certains de {known}, ou none.",
        ),
    ),
    "time-limit-negative": Entry(
        Text(en="No run can take {seconds} seconds.", fr="Aucune exécution ne peut durer {seconds} secondes."),
        Text(
            en="Give the seconds that a run may take, or 0 for no limit.",
            fr="Donnez la durée maximale d'une exécution en secondes, ou 0 pour aucune limite.",
        ),
    ),
    "server-busy": Entry(
        Text(
            en="{target}: another run of this user has been talking to the server for more than {seconds} seconds.",
            fr="{target}\u00a0: une autre exécution de cet utilisateur parle au serveur depuis plus de {seconds} secondes.",
        ),
        Text(
            en="Wait for it, or end it, then start again. Nothing was sent.",
            fr="Attendez-la ou terminez-la, puis recommencez. Rien n'a été envoyé.",
        ),
    ),
    # when
    "window-wrong": Entry(
        Text(en="{window} is no change window.", fr="{window} n'est pas une fenêtre de changement."),
        Text(
            en="Write it like 22:00-05:00 or 22:00-05:00 Europe/Paris; without a zone it is UTC.",
            fr="Écrivez-la comme 22:00-05:00 ou 22:00-05:00 Europe/Paris\u00a0; sans fuseau, c'est UTC.",
        ),
    ),
    "window-empty": Entry(
        Text(en="The window {window} is never open.", fr="La fenêtre {window} n'est jamais ouverte."),
        Text(en="Let it end later than it begins.", fr="Faites-la finir plus tard qu'elle ne commence."),
    ),
    "window-zone-unknown": Entry(
        Text(en="This machine knows no time zone {zone}.", fr="Cette machine ne connaît aucun fuseau horaire {zone}."),
        Text(
            en="Use a name of the IANA database, such as Europe/Paris, or UTC.",
            fr="Utilisez un nom de la base IANA, comme Europe/Paris, ou UTC.",
        ),
    ),
    "freeze-wrong": Entry(
        Text(en="{days} are no days.", fr="{days} ne désigne pas des jours."),
        Text(
            en="Write 2026-12-25, or from the first to the last day 2026-12-20/2027-01-05.",
            fr="Écrivez 2026-12-25, ou du premier au dernier jour 2026-12-20/2027-01-05.",
        ),
    ),
    "freeze-backwards": Entry(
        Text(en="{days} end before they begin.", fr="{days} finit avant de commencer."),
        Text(en="Write the first day first.", fr="Écrivez d'abord le premier jour."),
    ),
    # the notebook over many tenants
    "fleet-book-unknown": Entry(
        Text(
            en="{names} is no parameter of this notebook.",
            fr="{names} n'est pas un paramètre de ce notebook.",
        ),
        Text(en="Its parameters are: {known}.", fr="Ses paramètres sont : {known}."),
    ),
    "fleet-book-kind": Entry(
        Text(en="{name} cannot be {given}.", fr="{name} ne peut pas être {given}."),
        Text(en="Give one of these: {kinds}.", fr="Donnez l'un de ceux-ci : {kinds}."),
    ),
    "fleet-book-no-files": Entry(
        Text(en="{folder} holds no tenant's file.", fr="{folder} ne contient aucun fichier de locataire."),
        Text(
            en="Name a folder with .yml files, or a fleet's file.",
            fr="Indiquez un dossier avec des fichiers .yml, ou le fichier d'une flotte.",
        ),
    ),
    "fleet-book-live": Entry(
        Text(
            en="{count} {count:tenant is|tenants are} real, and live_tenants says {given}: nothing was looked at.",
            fr="{count} {count:locataire est réel|locataires sont réels}, et live_tenants dit {given} : rien n'a été lu.",
        ),
        Text(
            en="Look at the table of tenants. If you mean them, write live_tenants = {count} into the parameters and run from there again.",
            fr="Regardez le tableau des locataires. Si c'est bien eux, écrivez live_tenants = {count} dans les paramètres et ré-exécutez à partir de là.",
        ),
    ),
    "fleet-book-not-planned": Entry(
        Text(en="Nothing was planned here yet.", fr="Rien n'a encore été planifié ici."),
        Text(en="Run the cell of the plan first.", fr="Exécutez d'abord la cellule du plan."),
    ),
    "fleet-book-not-run": Entry(
        Text(
            en="{count} {count:tenant was|tenants were} not run: {tenants}.",
            fr="{count} {count:locataire n'a pas été exécuté|locataires n'ont pas été exécutés} : {tenants}.",
        ),
        Text(
            en="The cells below show those that were. Run the cell of the plan again to plan for all.",
            fr="Les cellules ci-dessous montrent ceux qui l'ont été. Ré-exécutez la cellule du plan pour planifier pour tous.",
        ),
    ),
    "fleet-book-bad": Entry(
        Text(
            en="{count} of {total} {total:tenant|tenants} failed, {count:is|are} blocked, of unknown outcome, or not run.",
            fr="{count} sur {total} {total:locataire|locataires} en échec, {count:bloqué|bloqués}, d'issue inconnue ou non {count:exécuté|exécutés}.",
        ),
        Text(
            en="The tables above say who and why; the worklist says what to do.",
            fr="Les tableaux ci-dessus disent qui et pourquoi ; la liste de travail dit que faire.",
        ),
    ),
    # on several machines
    "cluster-package-missing": Entry(
        Text(
            en="The package that reaches a Dask cluster is not installed here.",
            fr="Le paquet qui atteint une grappe Dask n'est pas installé ici.",
        ),
        Text(
            en="Install it in the folder of the kit, here and on every worker: pip install '.[{extra}]'.",
            fr="Installez-le dans le dossier de l'outil, ici et sur chaque worker\u00a0: pip install '.[{extra}]'.",
        ),
    ),
    "scheduler-wrong": Entry(
        Text(en="{given} is no address of a scheduler.", fr="{given} n'est pas l'adresse d'un ordonnanceur."),
        Text(
            en="Write it like tcp://10.0.0.5:8786 or tls://scheduler.example.com:8786.",
            fr="Écrivez-la comme tcp://10.0.0.5:8786 ou tls://ordonnanceur.example.com:8786.",
        ),
    ),
    "scheduler-unreachable": Entry(
        Text(
            en="No Dask scheduler answers at {scheduler} ({detail}). Nothing was run.",
            fr="Aucun ordonnanceur Dask ne répond à {scheduler} ({detail}). Rien n'a été exécuté.",
        ),
        Text(
            en="Start it with dask scheduler, or correct the address; with tls://, Dask's own configuration names the certificates.",
            fr="Démarrez-le avec dask scheduler, ou corrigez l'adresse\u00a0; avec tls://, la configuration de Dask désigne les certificats.",
        ),
    ),
    "scheduler-no-workers": Entry(
        Text(
            en="The scheduler at {scheduler} has no workers. Nothing was run.",
            fr="L'ordonnanceur à {scheduler} n'a aucun worker. Rien n'a été exécuté.",
        ),
        Text(
            en="Start some: dask worker {scheduler} --nworkers 4 --nthreads 1",
            fr="Démarrez-en\u00a0: dask worker {scheduler} --nworkers 4 --nthreads 1",
        ),
    ),
    "workers-differ": Entry(
        Text(
            en="Workers of {scheduler} are not what they must be. Nothing was run.",
            fr="Des workers de {scheduler} ne sont pas ce qu'ils doivent être. Rien n'a été exécuté.",
        ),
        Text(
            en="Make them the same as this machine, start them anew, and run the command again.",
            fr="Rendez-les identiques à cette machine, redémarrez-les, puis relancez la commande.",
        ),
    ),
    "worker-differs": Entry(
        Text(
            en="{worker}: {what} is {there} there and {here} here.",
            fr="{worker}\u00a0: {what} y vaut {there}, et {here} ici.",
        ),
    ),
    "worker-without-kit": Entry(
        Text(
            en="{worker}: the kit cannot be used there ({detail}).",
            fr="{worker}\u00a0: l'outil n'y est pas utilisable ({detail}).",
        ),
    ),
    "worker-sees-no-outputs": Entry(
        Text(
            en="{worker}: it does not see the folder {path} of this machine.",
            fr="{worker}\u00a0: il ne voit pas le dossier {path} de cette machine.",
        ),
        Text(
            en="Mount one folder at the same place everywhere, and name it with --outputs.",
            fr="Montez un même dossier au même endroit partout, et désignez-le par --outputs.",
        ),
    ),
    "worker-without-storage": Entry(
        Text(
            en="{worker}: it does not reach the storage {url} ({detail}).",
            fr="{worker}\u00a0: il n'atteint pas le stockage {url} ({detail}).",
        ),
        Text(
            en="Install the storage's packages there, and start the worker with its credentials in the environment.",
            fr="Installez-y les paquets du stockage, et démarrez le worker avec ses identifiants dans l'environnement.",
        ),
    ),
    "worker-on-other-storage": Entry(
        Text(
            en="{worker}: what it reaches as {url} is another storage than here.",
            fr="{worker}\u00a0: ce qu'il atteint sous {url} est un autre stockage qu'ici.",
        ),
        Text(
            en="Start it with the same account of the storage in its environment, or with the same folder mounted.",
            fr="Démarrez-le avec le même compte de stockage dans son environnement, ou avec le même dossier monté.",
        ),
    ),
    "record-not-brought": Entry(
        Text(
            en="The run has ended as is said here, and its record could not be brought to this machine: {detail}",
            fr="L'exécution s'est terminée comme il est dit ici, et son dossier n'a pas pu être rapporté sur cette machine\u00a0: {detail}",
        ),
        Text(en="Bring it: runbook fetch {url} {run}", fr="Rapportez-le\u00a0: runbook fetch {url} {run}"),
    ),
    "worker-lost": Entry(
        Text(
            en="The worker that had the run was lost.",
            fr="Le worker qui menait l'exécution a été perdu.",
        ),
        Text(
            en="Look at the record, then go on with runbook resume: it looks first and sends only what is left.",
            fr="Consultez le dossier, puis continuez avec runbook resume\u00a0: il regarde d'abord et n'envoie que le reste.",
        ),
    ),
    "worker-lost-at-work": Entry(
        Text(
            en="The worker that had the run cannot be reached, and somebody still writes the record.",
            fr="Le worker qui menait l'exécution est injoignable, et quelqu'un écrit encore dans le dossier.",
        ),
        Text(
            en="Wait until it has ended; runbook status shows it. Then go on with runbook resume.",
            fr="Attendez sa fin, que montre runbook status. Continuez ensuite avec runbook resume.",
        ),
    ),
    "worker-none-began": Entry(
        Text(
            en="No worker began the run, and none will.",
            fr="Aucun worker n'a commencé l'exécution, et aucun ne le fera.",
        ),
        Text(en="See to the cluster, and run the command again.", fr="Vérifiez la grappe, puis relancez la commande."),
    ),
}
