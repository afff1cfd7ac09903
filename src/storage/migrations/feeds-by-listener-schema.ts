import type { SchemaStep } from './schema-words.ts'

/** Whose a feed is that was made before feeds were by listener: the keeper's of its novel, else the first listener's. */
const ownerOf = (novelId: string): string =>
  `COALESCE((SELECT keeper FROM novels WHERE novels.id = ${novelId}), 'home')`

/**
 * Each listener has a feed of their own of a novel. Addresses stay as they are, and so do those that were revoked within the
 * last hour and can be brought back: `content` begins with the row of the feed.
 */
export const feedsByListenerSchema: SchemaStep = ({ text, bytes, ...words }) => [
  words.table(
    '"newFeeds"',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    token ${text} NOT NULL,
    digest ${bytes} NOT NULL UNIQUE,
    "createdAt" ${text} NOT NULL,
    fingerprint ${text} NOT NULL,
    "changedAt" ${text} NOT NULL,
    PRIMARY KEY (listener, "novelId")`,
    { rowless: true },
  ),
  // Who kept a novel that is being deleted may be gone.
  `INSERT INTO "newFeeds"
   SELECT listeners.id, "novelId", token, digest, feeds."createdAt", fingerprint, "changedAt"
   FROM feeds JOIN listeners ON listeners.id = ${ownerOf('feeds."novelId"')}`,
  'DROP TABLE feeds',
  'ALTER TABLE "newFeeds" RENAME TO feeds',
  words.index('feedsByNovel', 'feeds', '"novelId"'),
  `UPDATE removals SET
     subject = ${ownerOf('removals.subject')} || ' ' || subject,
     content = '[[{"listener":"' || ${ownerOf('removals.subject')} || '",' || substr(content, 4)
   WHERE kind = 'feed'`,
]
