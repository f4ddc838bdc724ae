"""Another learner of the same server."""

from uuid import UUID, uuid4

from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.services.submissions import Request, SubmissionService
from tests import small_course


class Somebody:
    """Works beside the one whose token the tests hold."""

    def __init__(self, person_id: UUID, submissions: SubmissionService) -> None:
        self.person_id = person_id
        self._submissions = submissions

    def check(self) -> Attempt:
        """Run the tests of `double`."""
        return self._submissions.check(self._request(), small_course.answer(), None)

    def submit(self) -> Submission:
        """Hand in an answer to `double`."""
        return self._submissions.submit(self._request(), small_course.answer(), None)

    def _request(self) -> Request:
        return Request(self.person_id, small_course.COURSE, "double", uuid4().hex)
