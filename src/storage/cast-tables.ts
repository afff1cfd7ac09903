/** The tables of who speaks a novel. */
export interface CastTables {
  castStates: {
    novelId: string
    /** `wanted`: it is to be done, or under way. */
    analysis: CastAnalysisState
    /** Number of the version that is shown; 0: there is none yet. */
    version: number
    /** The highest number that a version ever had. */
    lastVersion: number
    /** The version that the book was cut by last; 0: none, or that was taken back; −1: chapters were made anew since. */
    applied: number
    /** JSON: the voices of roles that the novel is spoken in, `{ role, voice }[]`. */
    voices: string
  }
  /** Versions of a cast, of which the later ones can be undone and done again. */
  castVersions: {
    novelId: string
    number: number
    /** JSON: Cast. */
    body: string
    createdAt: string
  }
  /** What an analysis found in a chapter, whose text never changes under its id. */
  chapterLines: {
    chapterId: number
    /** JSON: Line[]. */
    lines: string
    /** JSON: ChapterSpeakers. */
    speakers: string
  }
  /** What a language model was asked, by the hash of the question: the same is not asked twice. */
  castQuestions: {
    novelId: string
    key: string
    /** How often it was sent, also without an answer. */
    requests: number
    tokens: number
    /** JSON: of each numbered line the name; `null`: there is no answer. */
    answers: string | null
  }
  castQuestionRuns: {
    novelId: string
    state: CastQuestionState
    /** Questions. */
    asked: number
    total: number
    /** Why it ended early. */
    message: string | null
  }
}

/** `wanted`: it is to be asked, or under way; `spent`: the limit of the book is reached. */
export type CastQuestionState = 'wanted' | 'stopped' | 'done' | 'failed' | 'spent'

export type CastAnalysisState = 'none' | 'wanted' | 'done' | 'failed'
