import type { components } from './schema';

type Schemas = components['schemas'];

export type Attempt = Schemas['AttemptReply'];
export type AnswerBody = Schemas['AnswerBody'];
export type CourseList = Schemas['CourseListReply'];
export type Consent = Schemas['ConsentReply'];
export type Course = Schemas['CourseReply'];
export type ErrorBody = Schemas['ErrorReply'];
export type Exercise = Schemas['ExerciseReply'];
export type Explanation = Schemas['ExplanationReply'];
export type Feedback = Schemas['FeedbackView'];
export type FeedbackMark = Feedback['mark'];
export type HelpGiven = Schemas['HintReply'];
export type Health = Schemas['HealthReply'];
export type Hint = Schemas['HintView'];
export type Ladder = Schemas['LadderView'];
export type OpenedLesson = Schemas['OpenLessonReply'];
export type Question = Schemas['QuestionView'];
export type Submission = Schemas['SubmissionReply'];
export type SubmissionList = Schemas['SubmissionListReply'];
export type TestResult = Schemas['TestResultView'];
export type TopicStanding = Schemas['TopicStanding'];
export type Verdict = Schemas['VerdictView'];
export type CellBody = Schemas['CellBody'];
export type Responses = NonNullable<AnswerBody['responses']>;
