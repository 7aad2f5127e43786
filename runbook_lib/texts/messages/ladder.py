"""Messages of the verification ladder: why a tenant stands no higher than it does."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_VERIFY = Text(
    en="Run verify-writeback: it looks at the whole ladder.",
    fr="Lancez verify-writeback : cette procédure regarde toute l'échelle.",
)
_SEE = Text(en="See {step}.", fr="Voyez {step}.")

MESSAGES: dict[str, Entry] = {
    "ladder-server-off": Entry(
        Text(
            en="Password writeback is off on the sync server.",
            fr="L'écriture différée de mot de passe est désactivée sur le serveur de synchronisation.",
        ),
        Text(en="enable-connect-writeback turns it on.", fr="enable-connect-writeback l'active."),
    ),
    "ladder-portal-off": Entry(
        Text(
            en="Writing back passwords is off in the portal.",
            fr="La réécriture des mots de passe est désactivée dans le portail.",
        ),
        Text(en="enable-sspr-writeback turns it on.", fr="enable-sspr-writeback l'active."),
    ),
    "ladder-looks-no-further": Entry(
        Text(en="{runbook} looks no further.", fr="{runbook} ne regarde pas plus loin."),
        _VERIFY,
    ),
    "ladder-to-do": Entry(
        Text(en="{step} was not carried out.", fr="{step} n'a pas été exécutée."),
        Text(en="Run the runbook to its end.", fr="Exécutez la procédure jusqu'au bout."),
    ),
    "ladder-planned": Entry(
        Text(en="{step} is planned and not carried out yet.", fr="{step} est prévue et pas encore exécutée."),
        Text(en="Read the plan, approve it, and apply it.", fr="Lisez le plan, approuvez-le et appliquez-le."),
    ),
    "ladder-compliant": Entry(
        Text(en="{step} had nothing to prove.", fr="{step} n'avait rien à prouver."),
        _SEE,
    ),
    "ladder-blocked": Entry(Text(en="{step} is blocked.", fr="{step} est bloquée."), _SEE),
    "ladder-failed": Entry(Text(en="{step} failed.", fr="{step} a échoué."), _SEE),
    "ladder-contradicted": Entry(Text(en="{step} is contradicted.", fr="{step} est contredite."), _SEE),
    "ladder-unknown": Entry(
        Text(en="What became of {step} is unknown.", fr="Ce qu'il est advenu de {step} est inconnu."),
        Text(en="Plan again: planning only reads.", fr="Refaites le plan : un plan ne fait que lire."),
    ),
    "ladder-applied": Entry(
        Text(
            en="{step} was sent, and its signs of success did not come in time.",
            fr="{step} a été envoyée, et les signes de réussite ne sont pas venus à temps.",
        ),
        Text(en="Plan again: planning only reads.", fr="Refaites le plan : un plan ne fait que lire."),
    ),
    "ladder-needs-operator": Entry(
        Text(en="{step} needs a person to look.", fr="{step} demande qu'une personne regarde."),
        _SEE,
    ),
    "ladder-attested": Entry(
        Text(
            en="{step} rests on a person's word; the ladder counts what was seen.",
            fr="{step} repose sur la parole d'une personne ; l'échelle compte ce qui a été vu.",
        ),
    ),
    "ladder-rolled-back": Entry(Text(en="{step} was undone.", fr="{step} a été annulée."), _SEE),
}
