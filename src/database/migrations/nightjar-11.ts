/**
 * Novels from before there was a silence at a chapter's head, and of which nothing was ever asked to be spoken, get it
 * as a novel that is imported today: nothing of theirs is heard yet that it could change. `openingWords` is the text's
 * half of the key of a clip that a chapter begins with.
 */
export const nightjar11 = `
CREATE TEMP TABLE unopenedChapters AS
SELECT chapterId, segments ->> '$[0].spoken' AS spoken, segments ->> '$[0].pause' AS pause
FROM chapterTexts JOIN chapters ON chapters.id = chapterId
WHERE novelId NOT IN (SELECT novelId FROM main.generations)
  AND CASE WHEN json_valid(segments)
    THEN segments ->> '$[0].spoken' IS NOT NULL AND segments ->> '$[0].opening' IS NULL
    ELSE 0 END;

UPDATE main.segments SET words = openingWords(spoken, pause)
FROM unopenedChapters AS unopened
WHERE segments.chapterId = unopened.chapterId AND idx = 0;

UPDATE main.chapterTexts SET segments = json_set(segments, '$[0].opening', json('true'))
WHERE chapterId IN (SELECT chapterId FROM unopenedChapters);

DROP TABLE unopenedChapters;
`
