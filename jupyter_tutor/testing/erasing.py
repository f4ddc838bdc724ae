"""What becomes of the tables in memory when a person is erased, as foreign keys do it elsewhere."""

from dataclasses import replace
from uuid import UUID

from jupyter_tutor.domain.personal_data import is_about
from jupyter_tutor.testing.tables import Tables


def drop_person(tables: Tables, key: UUID) -> None:
    """Drop a person and all that is theirs; what they did to others' data stays, under no name."""
    work = {each.id for each in tables.attempts.values() if each.learner_id == key}
    work |= {each.id for each in tables.submissions.values() if each.learner_id == key}
    _drop_work(tables, key, work)
    del tables.people[key]
    tables.profiles.pop(key, None)
    tables.identities = {name: who for name, who in tables.identities.items() if who != key}
    tables.enrollments = {
        place: role for place, role in tables.enrollments.items() if place[0] != key
    }
    tables.hint_settings = {
        place: said for place, said in tables.hint_settings.items() if place[2] != key
    }
    tables.reservations = {
        name: held for name, held in tables.reservations.items() if held.learner_id != key
    }
    tables.consents = {place: said for place, said in tables.consents.items() if place[0] != key}
    tables.replies = {
        place: kept for place, kept in tables.replies.items() if kept.learner_id != key
    }
    tables.conversations = {
        place: talk for place, talk in tables.conversations.items() if place[0] != key
    }
    tables.told_lines = {
        place: told for place, told in tables.told_lines.items() if place[0] != key
    }
    tables.memories = {place: known for place, known in tables.memories.items() if place[0] != key}
    tables.keys = {place: known for place, known in tables.keys.items() if place[0] != key}
    _forget_actor(tables, key)


def _drop_work(tables: Tables, key: UUID, work: set[UUID]) -> None:
    evaluations = {
        each.id
        for submission in tables.submissions.values()
        if submission.learner_id == key
        for each in submission.evaluations
    }
    hints = {each.id for each in tables.hints.values() if each.learner_id == key}
    for of in (
        tables.attempts,
        tables.submissions,
        tables.digests,
        tables.reviews,
        tables.review_claims,
    ):
        for each in work & set(of):
            del of[each]
    for about_hints in (tables.hints, tables.hint_feedback, tables.explanations):
        for each in hints & set(about_hints):
            del about_hints[each]
    tables.runs = {run: made for run, made in tables.runs.items() if run[0] not in work}
    tables.releases = {
        made: by for made, by in tables.releases.items() if made not in evaluations and by != key
    }
    tables.jobs = [each for each in tables.jobs if each.subject_id not in work]


def _forget_actor(tables: Tables, key: UUID) -> None:
    tables.usage = {
        name: replace(each, learner_id=None, call=each.call.kept_for(None))
        if each.learner_id == key
        else each
        for name, each in tables.usage.items()
    }
    tables.batches = {
        name: replace(each, begun_by=None) if each.begun_by == key else each
        for name, each in tables.batches.items()
    }
    tables.audit = [
        replace(each, actor_id=None) if each.actor_id == key else each
        for each in tables.audit
        if not is_about(each.subject, key)
    ]
