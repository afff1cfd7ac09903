import type { SchemaStep } from './schema-words.ts'

/** What a language model was asked of a novel's lines, with its answers; and how far it is asked. */
export const castQuestionsSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"castQuestions"',
    `"novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    key ${text} NOT NULL,
    requests ${integer} NOT NULL,
    tokens ${integer} NOT NULL,
    answers ${text},
    PRIMARY KEY ("novelId", key)`,
  ),
  words.table(
    '"castQuestionRuns"',
    `"novelId" ${text} PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
    state ${text} NOT NULL,
    asked ${integer} NOT NULL,
    total ${integer} NOT NULL,
    message ${text}`,
  ),
]
