"""The tables, one file per aggregate. Importing this module fills `Base.metadata`.

What no model can say (triggers that keep published and graded rows as they are) stands in the
migrations only.
"""

from jupyter_tutor.storage.tables.base import Base
from jupyter_tutor.storage.tables.conversations import (
    ConsentRow,
    ConversationRow,
    MessageRow,
    ModelReplyRow,
    ToldLineRow,
)
from jupyter_tutor.storage.tables.courses import (
    CourseRow,
    DataFileRow,
    LessonFileRow,
    LessonRevisionRow,
    LessonRow,
    TopicPrerequisiteRow,
    TopicRow,
)
from jupyter_tutor.storage.tables.exercises import (
    ExerciseRow,
    RevisionFileRow,
    RevisionRow,
    RevisionTextRow,
    TestCaseRow,
)
from jupyter_tutor.storage.tables.help import (
    HintFeedbackRow,
    HintSettingsRow,
    SelfExplanationRow,
)
from jupyter_tutor.storage.tables.memory import (
    ExerciseDifficultyRow,
    LearnerMemoryRow,
    MasteryRow,
    OpenEpisodeRow,
    PassedExerciseRow,
)
from jupyter_tutor.storage.tables.people import (
    EnrollmentRow,
    ExternalIdentityRow,
    PersonRow,
    ProfileRow,
)
from jupyter_tutor.storage.tables.records import (
    AuditEventRow,
    GraderRow,
    IdempotencyKeyRow,
    InstallationRow,
    ShippedCourseRow,
)
from jupyter_tutor.storage.tables.reviews import ReadingBatchRow, ReviewReleaseRow, ReviewRow
from jupyter_tutor.storage.tables.submissions import (
    AttemptRow,
    EvaluationRow,
    HintRequestRow,
    SubmissionRow,
    TestResultRow,
)
from jupyter_tutor.storage.tables.usage import UsageRecordRow, UsageReservationRow

__all__ = [
    "AttemptRow",
    "AuditEventRow",
    "Base",
    "ConsentRow",
    "ConversationRow",
    "CourseRow",
    "DataFileRow",
    "EnrollmentRow",
    "EvaluationRow",
    "ExerciseDifficultyRow",
    "ExerciseRow",
    "ExternalIdentityRow",
    "GraderRow",
    "HintFeedbackRow",
    "HintRequestRow",
    "HintSettingsRow",
    "IdempotencyKeyRow",
    "InstallationRow",
    "LearnerMemoryRow",
    "LessonFileRow",
    "LessonRevisionRow",
    "LessonRow",
    "MasteryRow",
    "MessageRow",
    "ModelReplyRow",
    "OpenEpisodeRow",
    "PassedExerciseRow",
    "PersonRow",
    "ProfileRow",
    "ReadingBatchRow",
    "ReviewReleaseRow",
    "ReviewRow",
    "RevisionFileRow",
    "RevisionRow",
    "RevisionTextRow",
    "SelfExplanationRow",
    "ShippedCourseRow",
    "SubmissionRow",
    "TestCaseRow",
    "TestResultRow",
    "ToldLineRow",
    "TopicPrerequisiteRow",
    "TopicRow",
    "UsageRecordRow",
    "UsageReservationRow",
]
