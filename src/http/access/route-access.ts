import { type Access, kinds } from './access-kinds.ts'

type Kind = keyof typeof kinds

/** Every route that there is, and of which kind. `HEAD` goes with `GET`; a route that is missing here fails a test. */
const table: Readonly<Record<Kind, string>> = {
  public: `
    GET /livez
    GET /readyz
    GET /api/accounts/session
    POST /api/accounts/setup
    POST /api/accounts/sign-in
    POST /api/accounts/sign-out
    POST /api/accounts/links/look
    POST /api/accounts/links/follow
    GET /api/accounts/provider
    GET /api/accounts/provider/callback`,
  feed: `
    GET /feeds/:token.xml
    GET /feeds/:token/cover
    GET /feeds/:token/chapters/:number.m4a
    GET /feeds/:token/chapters/:number.json
    GET /feeds/:token/chapters/:number.vtt`,
  library: `
    GET /api/health
    GET /api/openapi.json
    GET /api/docs
    GET /api/docs/
    GET /api/docs/json
    GET /api/docs/yaml
    GET /api/docs/static/*
    GET /api/docs/static/index.html
    GET /api/docs/static/swagger-initializer.js
    GET /api/novels
    GET /api/novels/:id
    GET /api/novels/:id/ahead
    GET /api/novels/:id/anchors/:anchor
    GET /api/novels/:id/audiobookshelf
    GET /api/novels/:id/cast
    GET /api/novels/:id/cast/chapters/:number
    GET /api/novels/:id/chapters/:number
    GET /api/novels/:id/chapters/:number/images/:name
    GET /api/novels/:id/chapters/:number/timeline
    GET /api/novels/:id/chapters/:number/words
    GET /api/novels/:id/cover
    GET /api/novels/:id/coverage
    GET /api/novels/:id/exports
    GET /api/novels/:id/headings
    GET /api/novels/:id/heard
    GET /api/novels/:id/lexicon
    GET /api/novels/:id/names
    GET /api/novels/:id/position
    GET /api/novels/:id/review
    GET /api/novels/:id/search
    GET /api/novels/:id/settings
    GET /api/novels/:id/skips
    GET /api/novels/:id/spots
    GET /api/listener/begun
    GET /api/listener/hours
    GET /api/listener/settings
    GET /api/pronunciation
    GET /api/voices
    GET /api/voices/:id/uses
    GET /api/voices/catalogue
    GET /api/voices/installs
    GET /api/voices/installs/:installId
    GET /api/worker/events
    GET /api/worker/progress/:progressId
    GET /api/worker/queue
    GET /api/worker/status/:novelId/:chapterNumber
    GET /opds
    GET /opds/
    GET /opds/cover.png
    GET /opds/new
    GET /opds/novels
    GET /opds/search.xml
    GET /opds/v2
    GET /opds/v2/
    GET /opds/v2/new
    GET /opds/v2/novels
    GET /opds/v2/novels/:id
    GET /v1/audio/voices
    GET /v1/models
    GET /v1/models/:id`,
  listening: `
    GET /api/listener/bookmarks
    GET /api/listener/bookmarks.md
    PATCH /api/listener/settings
    GET /api/novels/:id/bookmarks
    GET /api/novels/:id/bookmarks.md
    PUT /api/novels/:id/bookmarks/:bookmarkId
    DELETE /api/novels/:id/bookmarks/:bookmarkId
    PUT /api/novels/:id/begun
    POST /api/novels/:id/feed
    GET /api/novels/:id/feed
    DELETE /api/novels/:id/feed
    GET /api/novels/:id/feed/qr.svg
    PUT /api/novels/:id/heard
    POST /api/novels/:id/heard/marks
    PUT /api/novels/:id/heard/marks
    PUT /api/novels/:id/listened
    PUT /api/novels/:id/position
    PATCH /api/novels/:id/settings
    GET /api/novels/:id/book.epub
    GET /api/novels/:id/book.m4b
    GET /api/novels/:id/book.mp3.zip
    GET /api/novels/:id/book.opus.zip
    GET /api/novels/:id/book.srt
    GET /api/novels/:id/book.vtt
    GET /api/novels/:id/chapters/:number/audio.m4a
    GET /api/novels/:id/chapters/:number/audio.mp3
    GET /api/novels/:id/chapters/:number/audio.opus
    GET /api/novels/:id/chapters/:number/init.mp4
    GET /api/novels/:id/chapters/:number/segments/:index.m4s
    GET /api/novels/:id/chapters/:number/subtitles.srt
    GET /api/novels/:id/chapters/:number/subtitles.vtt
    GET /api/novels/:id/spots/:spotId/audio.m4a
    GET /api/novels/:id/source
    GET /api/novels/:id/lexicon.pls
    POST /api/novels/:id/lexicon/hear
    GET /api/voices/catalogue/:id/card
    GET /api/voices/catalogue/:id/sample
    POST /api/removals/:id/undo
    POST /api/voices/:id/sample
    POST /v1/audio/speech`,
  keeping: `
    POST /api/novels
    POST /api/novels/address
    PATCH /api/novels/:id
    DELETE /api/novels/:id
    PUT /api/novels/:id/ahead
    DELETE /api/novels/:id/ahead
    PUT /api/novels/:id/cast
    PUT /api/novels/:id/cast/chapters/:number
    PUT /api/novels/:id/cast/sentences/:sentence
    PUT /api/novels/:id/chapters/:number/segments/:index/voice
    POST /api/novels/:id/cast/analysis
    POST /api/novels/:id/cast/apply
    POST /api/novels/:id/cast/plan
    POST /api/novels/:id/cast/questions
    POST /api/novels/:id/cast/questions/stop
    POST /api/novels/:id/cast/redo
    POST /api/novels/:id/cast/undo
    PATCH /api/novels/:id/chapters/:number
    GET /api/novels/:id/versions
    GET /api/novels/:id/versions/:versionId
    DELETE /api/novels/:id/versions/:versionId
    POST /api/novels/:id/versions/:versionId/separate
    POST /api/novels/:id/versions/:versionId/take
    POST /api/novels/:id/edits
    POST /api/novels/:id/edits/preview
    POST /api/novels/:id/edits/redo
    POST /api/novels/:id/edits/undo
    POST /api/novels/:id/headings/outline
    POST /api/novels/:id/headings/preview
    POST /api/novels/:id/lexicon.pls
    POST /api/novels/:id/lexicon/apply
    POST /api/novels/:id/lexicon/entries
    POST /api/novels/:id/lexicon/plan
    POST /api/novels/:id/lexicon/redo
    POST /api/novels/:id/lexicon/undo
    PUT /api/novels/:id/names/fine
    POST /api/novels/:id/plan
    PUT /api/novels/:id/spots/:spotId
    POST /api/novels/:id/spots/:spotId/retake
    POST /api/novels/:id/spots/:spotId/undo
    GET /api/imports
    POST /api/imports
    GET /api/imports/:id
    PATCH /api/imports/:id
    DELETE /api/imports/:id
    PUT /api/imports/:id/files/:fileId
    GET /api/imports/:id/report.md
    POST /api/imports/:id/retry
    GET /api/trash
    POST /api/trash/:id/restore
    POST /api/worker/generate/all
    POST /api/worker/generate/batch
    POST /api/worker/generate/chapter
    POST /api/worker/progress/:progressId/cancel
    POST /api/worker/progress/:progressId/pause
    POST /api/worker/progress/:progressId/resume
    POST /api/worker/progress/:progressId/retry`,
  editing: `
    GET /api/inbox
    POST /api/inbox/retry
    GET /api/opds-sources
    GET /api/opds-sources/:id/page
    POST /api/opds-sources/:id/fetches
    GET /api/opds-fetches
    POST /api/opds-fetches/:fetchId/retry
    DELETE /api/opds-fetches/:fetchId
    PUT /api/worker/progress/:progressId/place
    GET /api/machines
    GET /api/speech-servers`,
  house: `
    DELETE /api/machines/:id
    POST /api/machines/:id/drain
    POST /api/machines/:id/resume
    POST /api/speech-servers
    PATCH /api/speech-servers/:name
    DELETE /api/speech-servers/:name
    POST /api/speech-servers/:name/voices
    GET /api/house
    PATCH /api/house
    GET /api/chat-model
    PATCH /api/chat-model
    POST /api/chat-model/test
    POST /api/opds-sources
    PATCH /api/opds-sources/:id
    DELETE /api/opds-sources/:id
    PATCH /api/voices/:id
    DELETE /api/voices/:id
    POST /api/voices/blends
    POST /api/voices/blends/sample
    POST /api/voices/files
    POST /api/voices/install
    POST /api/voices/installs/:installId/cancel
    GET /api/webhooks
    POST /api/webhooks
    PATCH /api/webhooks/:id
    DELETE /api/webhooks/:id
    GET /api/webhooks/:id/deliveries
    POST /api/webhooks/:id/deliveries/:deliveryId/send
    POST /api/webhooks/:id/secret
    POST /api/webhooks/:id/test
    GET /api/accounts/people
    PATCH /api/accounts/people/:id
    DELETE /api/accounts/people/:id
    POST /api/accounts/people/:id/reset
    DELETE /api/accounts/people/:id/sessions
    GET /api/accounts/invitations
    POST /api/accounts/invitations
    DELETE /api/accounts/invitations/:id
    GET /api/accounts/audit`,
  monitoring: `
    GET /metrics`,
  self: `
    POST /api/accounts/provider/connect
    DELETE /api/accounts/provider/connect
    PUT /api/accounts/password
    GET /api/accounts/sessions
    DELETE /api/accounts/sessions
    DELETE /api/accounts/sessions/:id
    GET /api/accounts/tokens
    POST /api/accounts/tokens
    DELETE /api/accounts/tokens/:id`,
  speaker: `
    POST /api/speakers
    DELETE /api/speakers/:id
    POST /api/speakers/:id/heartbeat
    POST /api/speakers/:id/leases
    PUT /api/speakers/leases/:lease/clip
    POST /api/speakers/leases/:lease/failure
    GET /api/speakers/files/:sha256`,
}

/** By `GET /api/novels`. */
export const routeKinds: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(table) as Kind[]).flatMap((kind) =>
    table[kind]
      .trim()
      .split(/\n\s*/)
      .map((route) => [route, kind] as const),
  ),
)

/** Paths that are not the built page's: its files are public, whatever their names. */
const apiPaths = /^\/(?:api|feeds|livez|metrics|opds|readyz|v1)(?:[/?]|$)/

/** The line of a route in the table; `undefined`: it has none. */
export function kindOf(method: string, url: string): Kind | undefined {
  const known = routeKinds.get(`${method === 'HEAD' ? 'GET' : method} ${url}`)
  if (known) return known
  return (method === 'GET' || method === 'HEAD') && !apiPaths.test(url) ? 'public' : undefined
}

export function accessTo(kind: Kind): Access {
  return kinds[kind]
}
