-- The first schema. See README.md, "Design decisions", and jupyter_tutor/storage/tables/.
--
-- Keys are UUIDv7, made by the application. Enumerations are text with CHECK. Constraints are named
-- <kind>_<table>_<columns>. Deleting a person deletes what is theirs; content in use stays.

CREATE TABLE people (
    id uuid CONSTRAINT pk_people PRIMARY KEY,
    display_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE external_identities (
    provider text NOT NULL,
    subject text NOT NULL
        CONSTRAINT ck_external_identities_subject CHECK (char_length(subject) BETWEEN 1 AND 500),
    person_id uuid NOT NULL
        CONSTRAINT fk_external_identities_person_id REFERENCES people ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_external_identities PRIMARY KEY (provider, subject)
);
CREATE INDEX ix_external_identities_person_id ON external_identities (person_id);

CREATE TABLE courses (
    id uuid CONSTRAINT pk_courses PRIMARY KEY,
    slug text NOT NULL CONSTRAINT ck_courses_slug CHECK (char_length(slug) BETWEEN 1 AND 200)
        CONSTRAINT uq_courses_slug UNIQUE,
    title json NOT NULL,
    languages text[] NOT NULL,
    lessons text[] NOT NULL,
    limits json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL
);

CREATE TABLE topics (
    id uuid CONSTRAINT pk_topics PRIMARY KEY,
    course_id uuid NOT NULL CONSTRAINT fk_topics_course_id REFERENCES courses ON DELETE RESTRICT,
    slug text NOT NULL CONSTRAINT ck_topics_slug CHECK (char_length(slug) BETWEEN 1 AND 200),
    position integer NOT NULL,
    title json NOT NULL,
    description json NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT uq_topics_course_id_slug UNIQUE (course_id, slug)
);

CREATE TABLE topic_prerequisites (
    topic_id uuid NOT NULL
        CONSTRAINT fk_topic_prerequisites_topic_id REFERENCES topics ON DELETE CASCADE,
    requires_id uuid NOT NULL
        CONSTRAINT fk_topic_prerequisites_requires_id REFERENCES topics ON DELETE RESTRICT,
    position integer NOT NULL,
    CONSTRAINT pk_topic_prerequisites PRIMARY KEY (topic_id, requires_id),
    CONSTRAINT ck_topic_prerequisites_not_itself CHECK (topic_id <> requires_id)
);
CREATE INDEX ix_topic_prerequisites_requires_id ON topic_prerequisites (requires_id);

CREATE TABLE enrollments (
    person_id uuid NOT NULL
        CONSTRAINT fk_enrollments_person_id REFERENCES people ON DELETE CASCADE,
    course_id uuid NOT NULL
        CONSTRAINT fk_enrollments_course_id REFERENCES courses ON DELETE RESTRICT,
    role text NOT NULL
        CONSTRAINT ck_enrollments_role
            CHECK (role IN ('learner', 'assistant', 'instructor', 'guardian', 'admin')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_enrollments PRIMARY KEY (person_id, course_id)
);
CREATE INDEX ix_enrollments_course_id ON enrollments (course_id);

CREATE TABLE profiles (
    person_id uuid CONSTRAINT pk_profiles PRIMARY KEY
        CONSTRAINT fk_profiles_person_id REFERENCES people ON DELETE CASCADE,
    language text,
    skill_level text
        CONSTRAINT ck_profiles_skill_level
            CHECK (skill_level IN ('beginner', 'intermediate', 'advanced', 'expert')),
    learning_style text
        CONSTRAINT ck_profiles_learning_style
            CHECK (learning_style IN ('visual', 'auditory', 'kinesthetic', 'reading')),
    goals text[] NOT NULL,
    interests text[] NOT NULL,
    hours_per_week double precision
        CONSTRAINT ck_profiles_hours_per_week CHECK (hours_per_week BETWEEN 0 AND 100),
    time_zone text,
    preferences json NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE lessons (
    id uuid CONSTRAINT pk_lessons PRIMARY KEY,
    course_id uuid NOT NULL
        CONSTRAINT fk_lessons_course_id REFERENCES courses ON DELETE RESTRICT,
    slug text NOT NULL CONSTRAINT ck_lessons_slug CHECK (char_length(slug) BETWEEN 1 AND 200),
    position integer NOT NULL,
    title json NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT uq_lessons_course_id_slug UNIQUE (course_id, slug)
);

CREATE TABLE lesson_revisions (
    id uuid CONSTRAINT pk_lesson_revisions PRIMARY KEY,
    lesson_id uuid NOT NULL
        CONSTRAINT fk_lesson_revisions_lesson_id REFERENCES lessons ON DELETE RESTRICT,
    number integer NOT NULL CONSTRAINT ck_lesson_revisions_number CHECK (number >= 1),
    content_hash text NOT NULL,
    notebook json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_lesson_revisions_lesson_id_number UNIQUE (lesson_id, number)
);

CREATE TABLE data_files (
    sha256 text CONSTRAINT pk_data_files PRIMARY KEY
        CONSTRAINT ck_data_files_sha256 CHECK (char_length(sha256) = 64),
    content bytea NOT NULL
);

CREATE TABLE lesson_files (
    lesson_revision_id uuid NOT NULL
        CONSTRAINT fk_lesson_files_lesson_revision_id REFERENCES lesson_revisions ON DELETE CASCADE,
    path text NOT NULL,
    position integer NOT NULL,
    sha256 text NOT NULL
        CONSTRAINT fk_lesson_files_sha256 REFERENCES data_files ON DELETE RESTRICT,
    CONSTRAINT pk_lesson_files PRIMARY KEY (lesson_revision_id, path)
);
CREATE INDEX ix_lesson_files_sha256 ON lesson_files (sha256);

CREATE TABLE exercises (
    id uuid CONSTRAINT pk_exercises PRIMARY KEY,
    course_id uuid NOT NULL
        CONSTRAINT fk_exercises_course_id REFERENCES courses ON DELETE RESTRICT,
    lesson_id uuid NOT NULL
        CONSTRAINT fk_exercises_lesson_id REFERENCES lessons ON DELETE RESTRICT,
    slug text NOT NULL CONSTRAINT ck_exercises_slug CHECK (char_length(slug) BETWEEN 1 AND 200),
    position integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT uq_exercises_course_id_slug UNIQUE (course_id, slug)
);
CREATE INDEX ix_exercises_lesson_id_position ON exercises (lesson_id, position);

CREATE TABLE revisions (
    id uuid CONSTRAINT pk_revisions PRIMARY KEY,
    exercise_id uuid NOT NULL
        CONSTRAINT fk_revisions_exercise_id REFERENCES exercises ON DELETE RESTRICT,
    number integer NOT NULL CONSTRAINT ck_revisions_number CHECK (number >= 1),
    content_hash text NOT NULL,
    kind text NOT NULL
        CONSTRAINT ck_revisions_kind
            CHECK (kind IN ('coding', 'debugging', 'quiz', 'project', 'review')),
    topic_id uuid NOT NULL CONSTRAINT fk_revisions_topic_id REFERENCES topics ON DELETE RESTRICT,
    difficulty smallint NOT NULL
        CONSTRAINT ck_revisions_difficulty CHECK (difficulty BETWEEN 1 AND 10),
    points double precision NOT NULL
        CONSTRAINT ck_revisions_points CHECK (points >= 0 AND points < 'Infinity'),
    max_submissions integer CONSTRAINT ck_revisions_max_submissions CHECK (max_submissions >= 0),
    due_at timestamptz,
    deepest_hint smallint NOT NULL
        CONSTRAINT ck_revisions_deepest_hint CHECK (deepest_hint BETWEEN 0 AND 5),
    content json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_revisions_exercise_id_id UNIQUE (exercise_id, id),
    CONSTRAINT uq_revisions_exercise_id_number UNIQUE (exercise_id, number)
);
CREATE INDEX ix_revisions_topic_id ON revisions (topic_id);

CREATE TABLE revision_texts (
    revision_id uuid NOT NULL
        CONSTRAINT fk_revision_texts_revision_id REFERENCES revisions ON DELETE CASCADE,
    language text NOT NULL,
    position integer NOT NULL,
    title text NOT NULL,
    prompt text NOT NULL,
    hints json NOT NULL,
    CONSTRAINT pk_revision_texts PRIMARY KEY (revision_id, language)
);

CREATE TABLE test_cases (
    revision_id uuid NOT NULL
        CONSTRAINT fk_test_cases_revision_id REFERENCES revisions ON DELETE CASCADE,
    position integer NOT NULL,
    name text NOT NULL,
    visibility text NOT NULL
        CONSTRAINT ck_test_cases_visibility CHECK (visibility IN ('public', 'secret', 'withheld')),
    points double precision NOT NULL
        CONSTRAINT ck_test_cases_points CHECK (points >= 0 AND points < 'Infinity'),
    spec json NOT NULL,
    CONSTRAINT pk_test_cases PRIMARY KEY (revision_id, position),
    CONSTRAINT uq_test_cases_revision_id_name UNIQUE (revision_id, name)
);

CREATE TABLE revision_files (
    revision_id uuid NOT NULL
        CONSTRAINT fk_revision_files_revision_id REFERENCES revisions ON DELETE CASCADE,
    path text NOT NULL,
    position integer NOT NULL,
    sha256 text NOT NULL
        CONSTRAINT fk_revision_files_sha256 REFERENCES data_files ON DELETE RESTRICT,
    CONSTRAINT pk_revision_files PRIMARY KEY (revision_id, path)
);
CREATE INDEX ix_revision_files_sha256 ON revision_files (sha256);

CREATE TABLE attempts (
    id uuid CONSTRAINT pk_attempts PRIMARY KEY,
    learner_id uuid NOT NULL
        CONSTRAINT fk_attempts_learner_id REFERENCES people ON DELETE CASCADE,
    exercise_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    answer json NOT NULL,
    status text NOT NULL
        CONSTRAINT ck_attempts_status
            CHECK (status IN ('queued', 'running', 'graded', 'failed', 'needs_review')),
    verdict json,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CONSTRAINT fk_attempts_exercise_id_revision_id FOREIGN KEY (exercise_id, revision_id)
        REFERENCES revisions (exercise_id, id) ON DELETE RESTRICT
);
CREATE INDEX ix_attempts_exercise_id_revision_id ON attempts (exercise_id, revision_id);
CREATE INDEX ix_attempts_learner_id_exercise_id_created_at
    ON attempts (learner_id, exercise_id, created_at);

CREATE TABLE submissions (
    id uuid CONSTRAINT pk_submissions PRIMARY KEY,
    learner_id uuid NOT NULL
        CONSTRAINT fk_submissions_learner_id REFERENCES people ON DELETE CASCADE,
    exercise_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT ck_submissions_number CHECK (number >= 1),
    answer json NOT NULL,
    status text NOT NULL
        CONSTRAINT ck_submissions_status
            CHECK (status IN ('queued', 'running', 'graded', 'failed', 'needs_review')),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_submissions_exercise_id_revision_id FOREIGN KEY (exercise_id, revision_id)
        REFERENCES revisions (exercise_id, id) ON DELETE RESTRICT,
    CONSTRAINT uq_submissions_learner_id_exercise_id_number UNIQUE (learner_id, exercise_id, number)
);
CREATE INDEX ix_submissions_exercise_id_revision_id ON submissions (exercise_id, revision_id);

CREATE TABLE evaluations (
    id uuid CONSTRAINT pk_evaluations PRIMARY KEY,
    submission_id uuid NOT NULL
        CONSTRAINT fk_evaluations_submission_id REFERENCES submissions ON DELETE CASCADE,
    run text NOT NULL,
    evaluator text NOT NULL
        CONSTRAINT ck_evaluations_evaluator CHECK (evaluator IN ('tests', 'model', 'instructor')),
    score double precision NOT NULL
        CONSTRAINT ck_evaluations_score CHECK (score BETWEEN 0 AND 1),
    verdict_score double precision
        CONSTRAINT ck_evaluations_verdict_score CHECK (verdict_score BETWEEN 0 AND 1),
    passed boolean NOT NULL,
    feedback text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_evaluations_submission_id_run UNIQUE (submission_id, run)
);

CREATE TABLE test_results (
    evaluation_id uuid NOT NULL
        CONSTRAINT fk_test_results_evaluation_id REFERENCES evaluations ON DELETE CASCADE,
    part text NOT NULL CONSTRAINT ck_test_results_part CHECK (part IN ('cell', 'test')),
    position integer NOT NULL,
    name text NOT NULL,
    visibility text NOT NULL
        CONSTRAINT ck_test_results_visibility
            CHECK (visibility IN ('public', 'secret', 'withheld')),
    outcome text NOT NULL
        CONSTRAINT ck_test_results_outcome
            CHECK (outcome IN ('passed', 'failed', 'error', 'timeout', 'cpu_limit', 'memory_limit',
                'output_limit', 'process_limit', 'not_run')),
    points double precision NOT NULL
        CONSTRAINT ck_test_results_points CHECK (points >= 0 AND points < 'Infinity'),
    earned double precision NOT NULL
        CONSTRAINT ck_test_results_earned CHECK (earned >= 0 AND earned < 'Infinity'),
    called text NOT NULL,
    expected text NOT NULL,
    got text NOT NULL,
    difference text NOT NULL,
    message text NOT NULL,
    error json,
    stdout text NOT NULL,
    seconds double precision NOT NULL
        CONSTRAINT ck_test_results_seconds CHECK (seconds >= 0 AND seconds < 'Infinity'),
    memory_mb double precision
        CONSTRAINT ck_test_results_memory_mb CHECK (memory_mb >= 0 AND memory_mb < 'Infinity'),
    CONSTRAINT pk_test_results PRIMARY KEY (evaluation_id, part, position)
);

CREATE TABLE hint_requests (
    id uuid CONSTRAINT pk_hint_requests PRIMARY KEY,
    learner_id uuid NOT NULL
        CONSTRAINT fk_hint_requests_learner_id REFERENCES people ON DELETE CASCADE,
    exercise_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    level smallint NOT NULL CONSTRAINT ck_hint_requests_level CHECK (level BETWEEN 0 AND 5),
    source text NOT NULL
        CONSTRAINT ck_hint_requests_source CHECK (source IN ('rules', 'author', 'model')),
    text text NOT NULL,
    language text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT fk_hint_requests_exercise_id_revision_id FOREIGN KEY (exercise_id, revision_id)
        REFERENCES revisions (exercise_id, id) ON DELETE RESTRICT
);
CREATE INDEX ix_hint_requests_exercise_id_revision_id ON hint_requests (exercise_id, revision_id);
CREATE INDEX ix_hint_requests_learner_id_exercise_id_created_at
    ON hint_requests (learner_id, exercise_id, created_at);

CREATE TABLE learner_memory (
    person_id uuid NOT NULL
        CONSTRAINT fk_learner_memory_person_id REFERENCES people ON DELETE CASCADE,
    course_id uuid NOT NULL
        CONSTRAINT fk_learner_memory_course_id REFERENCES courses ON DELETE RESTRICT,
    ability double precision NOT NULL
        CONSTRAINT ck_learner_memory_ability CHECK (ability > '-Infinity' AND ability < 'Infinity'),
    ability_var double precision NOT NULL
        CONSTRAINT ck_learner_memory_ability_var
            CHECK (ability_var >= 0 AND ability_var < 'Infinity'),
    n integer NOT NULL CONSTRAINT ck_learner_memory_n CHECK (n >= 0),
    last_event_at timestamptz,
    CONSTRAINT pk_learner_memory PRIMARY KEY (person_id, course_id)
);
CREATE INDEX ix_learner_memory_course_id ON learner_memory (course_id);

CREATE TABLE mastery (
    person_id uuid NOT NULL,
    course_id uuid NOT NULL,
    topic_id uuid NOT NULL CONSTRAINT fk_mastery_topic_id REFERENCES topics ON DELETE RESTRICT,
    delta double precision NOT NULL
        CONSTRAINT ck_mastery_delta CHECK (delta > '-Infinity' AND delta < 'Infinity'),
    delta_var double precision NOT NULL
        CONSTRAINT ck_mastery_delta_var CHECK (delta_var >= 0 AND delta_var < 'Infinity'),
    n integer NOT NULL,
    wins integer NOT NULL,
    unaided integer NOT NULL,
    consecutive_failures integer NOT NULL
        CONSTRAINT ck_mastery_consecutive_failures CHECK (consecutive_failures >= 0),
    last_unaided boolean NOT NULL,
    last_at timestamptz,
    CONSTRAINT pk_mastery PRIMARY KEY (person_id, course_id, topic_id),
    CONSTRAINT fk_mastery_person_id_course_id FOREIGN KEY (person_id, course_id)
        REFERENCES learner_memory (person_id, course_id) ON DELETE CASCADE,
    CONSTRAINT ck_mastery_counts
        CHECK (n >= 0 AND wins BETWEEN 0 AND n AND unaided BETWEEN 0 AND wins)
);
CREATE INDEX ix_mastery_topic_id ON mastery (topic_id);

CREATE TABLE open_episodes (
    person_id uuid NOT NULL,
    course_id uuid NOT NULL,
    exercise_id uuid NOT NULL
        CONSTRAINT fk_open_episodes_exercise_id REFERENCES exercises ON DELETE RESTRICT,
    topic_id uuid
        CONSTRAINT fk_open_episodes_topic_id REFERENCES topics ON DELETE RESTRICT,
    difficulty smallint NOT NULL
        CONSTRAINT ck_open_episodes_difficulty CHECK (difficulty BETWEEN 0 AND 10),
    submissions integer NOT NULL
        CONSTRAINT ck_open_episodes_submissions CHECK (submissions >= 0),
    deepest_hint smallint NOT NULL
        CONSTRAINT ck_open_episodes_deepest_hint CHECK (deepest_hint BETWEEN 0 AND 5),
    began_at timestamptz NOT NULL,
    CONSTRAINT pk_open_episodes PRIMARY KEY (person_id, course_id, exercise_id),
    CONSTRAINT fk_open_episodes_person_id_course_id FOREIGN KEY (person_id, course_id)
        REFERENCES learner_memory (person_id, course_id) ON DELETE CASCADE
);
CREATE INDEX ix_open_episodes_exercise_id ON open_episodes (exercise_id);
CREATE INDEX ix_open_episodes_topic_id ON open_episodes (topic_id);

CREATE TABLE passed_exercises (
    person_id uuid NOT NULL,
    course_id uuid NOT NULL,
    exercise_id uuid NOT NULL
        CONSTRAINT fk_passed_exercises_exercise_id REFERENCES exercises ON DELETE RESTRICT,
    passed_at timestamptz NOT NULL,
    CONSTRAINT pk_passed_exercises PRIMARY KEY (person_id, course_id, exercise_id),
    CONSTRAINT fk_passed_exercises_person_id_course_id FOREIGN KEY (person_id, course_id)
        REFERENCES learner_memory (person_id, course_id) ON DELETE CASCADE
);
CREATE INDEX ix_passed_exercises_exercise_id ON passed_exercises (exercise_id);

CREATE TABLE exercise_difficulty (
    exercise_id uuid CONSTRAINT pk_exercise_difficulty PRIMARY KEY
        CONSTRAINT fk_exercise_difficulty_exercise_id REFERENCES exercises ON DELETE CASCADE,
    b double precision NOT NULL
        CONSTRAINT ck_exercise_difficulty_b CHECK (b > '-Infinity' AND b < 'Infinity'),
    b_var double precision NOT NULL
        CONSTRAINT ck_exercise_difficulty_b_var CHECK (b_var >= 0 AND b_var < 'Infinity'),
    n integer NOT NULL CONSTRAINT ck_exercise_difficulty_n CHECK (n >= 0),
    updated_at timestamptz NOT NULL
);

CREATE TABLE idempotency_keys (
    person_id uuid NOT NULL
        CONSTRAINT fk_idempotency_keys_person_id REFERENCES people ON DELETE CASCADE,
    key text NOT NULL
        CONSTRAINT ck_idempotency_keys_key CHECK (char_length(key) BETWEEN 1 AND 200),
    operation text NOT NULL,
    digest text NOT NULL,
    result_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (person_id, key)
);

CREATE TABLE audit_events (
    id uuid CONSTRAINT pk_audit_events PRIMARY KEY,
    actor_id uuid CONSTRAINT fk_audit_events_actor_id REFERENCES people ON DELETE SET NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_audit_events_actor_id ON audit_events (actor_id);

-- What was published, handed in, graded or recorded never changes, whoever writes.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % never change; insert a new one.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER refuse_change BEFORE UPDATE ON lesson_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON lesson_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON data_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON revision_texts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON test_cases
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON revision_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON evaluations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON test_results
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE ON hint_requests
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change
    BEFORE UPDATE OF id, learner_id, exercise_id, revision_id, answer, created_at ON attempts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change
    BEFORE UPDATE OF id, learner_id, exercise_id, revision_id, number, answer, submitted_at
    ON submissions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- The actor becomes NULL when a person is erased.
CREATE TRIGGER refuse_change BEFORE UPDATE OF id, action, subject, details, at ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
