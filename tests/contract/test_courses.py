"""Courses, lessons and exercises: what every storage promises of publishing and reading back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent, Revision, TestCase
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from tests.contract import samples
from tests.contract.samples import COURSE


def slugs(revisions: object) -> list[str]:
    assert isinstance(revisions, list | tuple)
    return [revision.content.slug for revision in revisions]


class TestCourse:
    def test_comes_back_as_it_was_saved(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            assert uow.courses.save(samples.course())
        with open_uow() as uow:
            stored = uow.courses.get(COURSE)
        assert stored == samples.course()
        assert list(stored.title) == ["en", "bn"]

    def test_saved_again_changes_nothing(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            assert not uow.courses.save(samples.course())
        with open_uow() as uow:
            assert not uow.courses.save(samples.course())

    @pytest.mark.parametrize(
        "changed",
        [
            replace(samples.course(), title={"bn": "পাইথন", "en": "Python foundations"}),
            replace(samples.course(), languages=("bn", "en")),
            replace(samples.course(), limits=replace(samples.course().limits, memory_mb=1024)),
            replace(samples.course(), lessons=("02-lists", "01-values")),
            replace(samples.course(), secret_results=SecretResults.COUNT),
            replace(samples.course(), topics=samples.course().topics[:2]),
            replace(
                samples.course(),
                topics=(
                    Topic("lists", {"en": "Lists first"}),
                    Topic("values", {"en": "Values"}, {"bn": "x"}, requires=("lists",)),
                    Topic("new", {"en": "New"}, requires=("values", "lists")),
                ),
            ),
        ],
    )
    def test_saved_with_a_change_is_changed(
        self, open_uow: UnitOfWorkFactory, changed: Course
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
        with open_uow() as uow:
            assert uow.courses.save(changed)
        with open_uow() as uow:
            stored = uow.courses.get(COURSE)
            assert stored == changed
            assert list(stored.title) == list(changed.title)
            assert not uow.courses.save(changed)

    def test_a_prerequisite_counts_once(self, open_uow: UnitOfWorkFactory) -> None:
        twice = replace(
            samples.course(),
            topics=(Topic("a", {"en": "A"}), Topic("b", {"en": "B"}, requires=("a", "a"))),
        )
        with open_uow() as uow:
            uow.courses.save(twice)
            assert uow.courses.get(COURSE).topics[1].requires == ("a",)
            assert not uow.courses.save(uow.courses.get(COURSE))

    @pytest.mark.parametrize(
        "topics",
        [
            (Topic("a", {"en": "A"}), Topic("a", {"en": "A"})),
            (Topic("a", {"en": "A"}, requires=("z",)),),
            (Topic("a", {"en": "A"}, requires=("b",)), Topic("b", {"en": "B"}, requires=("a",))),
        ],
    )
    def test_with_impossible_topics_is_refused(
        self, open_uow: UnitOfWorkFactory, topics: tuple[Topic, ...]
    ) -> None:
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.courses.save(replace(samples.course(), topics=topics))
        with pytest.raises(NotFound), open_uow() as uow:
            uow.courses.get(COURSE)

    def test_that_is_unknown_is_not_found_and_others_are_named(
        self, open_uow: UnitOfWorkFactory
    ) -> None:
        with pytest.raises(NotFound, match="No course is published"), open_uow() as uow:
            uow.courses.get(samples.ODD)
        with open_uow() as uow:
            uow.courses.save(samples.course())
        asked: tuple[Callable[[UnitOfWork], object], ...] = (
            lambda uow: uow.courses.get("chemistry"),
            lambda uow: uow.courses.latest_revision("chemistry", "collatz"),
            lambda uow: uow.courses.latest_revisions("chemistry"),
            lambda uow: uow.courses.publish_lesson("chemistry", samples.lesson(), 0),
            lambda uow: uow.courses.lesson("chemistry", "01-values"),
            lambda uow: uow.people.enroll(uuid7(), "chemistry", Role.LEARNER),
            lambda uow: uow.memories.load(uuid7(), "chemistry"),
            lambda uow: uow.memories.events(uuid7(), "chemistry"),
            lambda uow: uow.memories.learners("chemistry"),
        )
        for ask in asked:
            with pytest.raises(NotFound, match=COURSE), open_uow() as uow:
                ask(uow)


class TestEnrollment:
    def test_keeps_its_first_role(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            assert uow.people.enrollment(ada.id, COURSE) is None
            first = uow.people.enroll(ada.id, COURSE, Role.INSTRUCTOR)
        with open_uow() as uow:
            assert uow.people.enroll(ada.id, COURSE, Role.LEARNER) == first
            assert uow.people.enrollment(ada.id, COURSE) == first
            assert first.role is Role.INSTRUCTOR

    def test_needs_a_person(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
        with pytest.raises(NotFound), open_uow() as uow:
            uow.people.enroll(uuid7(), COURSE, Role.LEARNER)


class TestPublishing:
    def test_content_comes_back_with_the_hash_it_was_published_with(
        self, open_uow: UnitOfWorkFactory
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            published = uow.courses.publish_lesson(COURSE, samples.lesson(), 0)
        expected = samples.lesson().exercises
        with open_uow() as uow:
            latest = uow.courses.latest_revisions(COURSE)
            by_key = [uow.courses.revision(revision.id) for revision in published]
            together = uow.courses.revisions({revision.id for revision in published})
            by_slug = [uow.courses.latest_revision(COURSE, each.slug) for each in expected]
        assert list(published) == list(latest) == by_key == by_slug
        assert together == {revision.id: revision for revision in published}
        for revision, content in zip(published, expected, strict=True):
            assert revision.content == content
            assert revision.content.content_hash == content.content_hash
            assert list(revision.content.texts) == list(content.texts)
            assert (revision.course_slug, revision.lesson_slug) == (COURSE, "01-values")
            assert revision.number == 1

    def test_published_again_changes_nothing(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            samples.publish(uow)
            before = uow.courses.latest_revisions(COURSE)
        with open_uow() as uow:
            assert list(uow.courses.publish_lesson(COURSE, samples.lesson(), 0)) == []
            assert uow.courses.latest_revisions(COURSE) == before

    def test_a_change_makes_a_new_revision_of_that_exercise_only(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        easier = replace(collatz.content, difficulty=2)
        with open_uow() as uow:
            lesson = samples.lesson(exercises=(easier, samples.quiz()))
            (new,) = uow.courses.publish_lesson(COURSE, lesson, 0)
        with open_uow() as uow:
            assert uow.courses.latest_revision(COURSE, "collatz") == new
            assert uow.courses.revision(collatz.id) == collatz
        assert (new.number, new.exercise_id) == (2, collatz.exercise_id)
        assert new.content == easier
        assert new.id > collatz.id

    def test_going_back_makes_a_third_revision(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        for content in (replace(collatz.content, difficulty=2), collatz.content):
            with open_uow() as uow:
                uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(content,)), 0)
        with open_uow() as uow:
            latest = uow.courses.latest_revision(COURSE, "collatz")
        assert (latest.number, latest.content) == (3, collatz.content)

    def test_whether_points_are_written_1_or_1_0_stays_as_it_is(
        self, open_uow: UnitOfWorkFactory
    ) -> None:
        tests = samples.exercise().tests
        contents = [
            replace(samples.exercise(), tests=(replace(tests[0], points=points),))
            for points in (1, 1.0)
        ]
        assert contents[0].content_hash != contents[1].content_hash
        for content in contents:
            with open_uow() as uow:
                uow.courses.save(samples.course())
                uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(content,)), 0)
                stored = uow.courses.latest_revision(COURSE, "collatz")
            assert stored.content.content_hash == content.content_hash

    def test_an_exercise_that_left_its_lesson_is_retired_and_may_come_back(
        self, open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            kept = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
            uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(samples.quiz(),)), 0)
        with open_uow() as uow:
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["quiz", "slices"]
            assert uow.courses.latest_revision(COURSE, "collatz") == collatz
            assert uow.submissions.submission(kept.id) == kept
            assert [each.slug for each in uow.reads.lessons(COURSE)[0].exercises] == ["quiz"]
            back = samples.lesson(exercises=(samples.quiz(), collatz.content))
            assert list(uow.courses.publish_lesson(COURSE, back, 0)) == []
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["quiz", "collatz", "slices"]

    @pytest.mark.parametrize("first", [0, 1])
    def test_an_exercise_may_move_to_another_lesson(
        self, open_uow: UnitOfWorkFactory, collatz: Revision, first: int
    ) -> None:
        lessons = [
            samples.lesson("01-values", (samples.quiz(),)),
            samples.lesson(
                "02-lists", (samples.exercise("slices", topic="lists"), collatz.content)
            ),
        ]
        for index in (first, 1 - first):
            with open_uow() as uow:
                uow.courses.publish_lesson(COURSE, lessons[index], index)
        with open_uow() as uow:
            moved = uow.courses.latest_revision(COURSE, "collatz")
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["quiz", "slices", "collatz"]
        assert moved == replace(collatz, lesson_slug="02-lists")

    @pytest.mark.usefixtures("collatz")
    def test_lessons_a_course_no_longer_lists_are_retired(
        self, open_uow: UnitOfWorkFactory
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(replace(samples.course(), lessons=("02-lists",)))
        with open_uow() as uow:
            assert [lesson.slug for lesson in uow.reads.lessons(COURSE)] == ["02-lists"]
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["slices"]
            assert uow.courses.lesson(COURSE, "01-values").slug == "01-values"
            uow.courses.save(samples.course())
            assert list(uow.courses.publish_lesson(COURSE, samples.lesson(), 0)) == []
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["collatz", "quiz", "slices"]

    def test_lessons_come_in_their_order_whatever_order_they_were_published_in(
        self, open_uow: UnitOfWorkFactory
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(replace(samples.course(), lessons=()))
            for position, name in ((2, "c"), (0, "a"), (1, "b")):
                content = samples.exercise(f"in-{name}")
                uow.courses.publish_lesson(COURSE, samples.lesson(name, (content,)), position)
        with open_uow() as uow:
            assert [lesson.slug for lesson in uow.reads.lessons(COURSE)] == ["a", "b", "c"]
            assert slugs(uow.courses.latest_revisions(COURSE)) == ["in-a", "in-b", "in-c"]

    @pytest.mark.parametrize(
        "exercises",
        [
            (samples.quiz(), samples.quiz()),
            (samples.exercise(topic="chemistry"),),
            (samples.exercise(files=(DataFile("other.csv", b""),)),),
            (samples.exercise(files=(DataFile(samples.TABLE.path, b"other"),)),),
        ],
        ids=["twice", "unknown topic", "file missing", "file differs"],
    )
    def test_what_does_not_fit_is_refused_whole(
        self, open_uow: UnitOfWorkFactory, exercises: tuple[ExerciseContent, ...]
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.courses.publish_lesson(COURSE, samples.lesson(exercises=exercises), 0)
        with open_uow() as uow:
            assert uow.reads.lessons(COURSE) == []

    def test_a_topic_that_left_the_course_trains_nothing_new(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(replace(samples.course(), topics=(Topic("other", {"en": "Other"}),)))
            assert uow.courses.revision(collatz.id).content.topic == "values"
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.courses.publish_lesson(COURSE, samples.lesson(), 0)


class TestLesson:
    def test_comes_back_as_it_was_published(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            samples.publish(uow)
        with open_uow() as uow:
            stored = uow.courses.lesson(COURSE, "01-values")
        content = samples.lesson()
        assert stored.notebook == content.learner_notebook
        assert stored.content_hash == content.content_hash
        assert stored.files == content.files
        assert (stored.slug, stored.title) == (content.slug, content.title)

    def test_the_newest_copy_counts(self, open_uow: UnitOfWorkFactory) -> None:
        files = (DataFile("b.txt", b"b"), DataFile("a.txt", b"a"), DataFile("c.txt", b"b"))
        changed = samples.lesson(exercises=(), text="Changed", files=files)
        with open_uow() as uow:
            samples.publish(uow)
            uow.courses.publish_lesson(COURSE, changed, 0)
        with open_uow() as uow:
            stored = uow.courses.lesson(COURSE, "01-values")
        assert stored.notebook == changed.learner_notebook
        assert stored.files == files

    def test_a_title_may_change_alone(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            samples.publish(uow)
            uow.courses.publish_lesson(COURSE, replace(samples.lesson(), title={"en": "New"}), 0)
            assert uow.courses.lesson(COURSE, "01-values").title == {"en": "New"}

    def test_that_is_unknown_is_not_found(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
        with pytest.raises(NotFound), open_uow() as uow:
            uow.courses.lesson(COURSE, "01-values")

    def test_a_revision_keeps_the_files_it_was_published_with(
        self, open_uow: UnitOfWorkFactory, collatz: Revision
    ) -> None:
        other = (DataFile(samples.TABLE.path, b"new"),)
        lesson = samples.lesson(exercises=(samples.exercise(files=other),), files=other)
        with open_uow() as uow:
            (new,) = uow.courses.publish_lesson(COURSE, lesson, 0)
            quiz = uow.courses.latest_revision(COURSE, "quiz")
        with open_uow() as uow:
            assert uow.courses.files(collatz.id) == (samples.TABLE,)
            assert uow.courses.files(new.id) == other
            assert uow.courses.files(quiz.id) == ()


def test_unknown_revisions_and_exercises_are_not_found(
    open_uow: UnitOfWorkFactory, collatz: Revision
) -> None:
    with pytest.raises(NotFound), open_uow() as uow:
        uow.courses.revision(uuid7())
    with pytest.raises(NotFound), open_uow() as uow:
        uow.courses.files(uuid7())
    with pytest.raises(NotFound), open_uow() as uow:
        uow.courses.latest_revision(COURSE, "chemistry")


def test_two_tests_of_one_name_are_refused(open_uow: UnitOfWorkFactory) -> None:
    test = samples.exercise().tests[0]
    content = replace(samples.exercise(), tests=(test, TestCase(test.name, test.spec)))
    with open_uow() as uow:
        uow.courses.save(samples.course())
    with pytest.raises(InvalidInput), open_uow() as uow:
        uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(content,)), 0)


def test_a_revision_says_what_its_course_tells_of_secret_tests_now(
    open_uow: UnitOfWorkFactory,
) -> None:
    with open_uow() as uow:
        samples.publish(uow)
        before = uow.courses.latest_revision(samples.COURSE, "collatz")
        assert before.secret_results is SecretResults.EACH
        uow.courses.save(
            replace(uow.courses.get(samples.COURSE), secret_results=SecretResults.COUNT)
        )
    with open_uow() as uow:
        now = uow.courses.revision(before.id)
        assert now.secret_results is SecretResults.COUNT
        assert now.content == before.content
