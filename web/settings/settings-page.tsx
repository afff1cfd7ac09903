import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { useTitle } from '../element/use-title.ts'
import { BrowserNotifications } from './browser-notifications.tsx'
import { Trash } from './trash.tsx'
import { Webhooks } from './webhooks.tsx'
import './settings.css'

/** What is set for all books. Sections of other subjects are hung in here. */
export function SettingsPage() {
  useTitle(t`Settings`)
  return (
    <div className="settings">
      <h1>
        <Trans>Settings</Trans>
      </h1>
      <BrowserNotifications />
      <Webhooks />
      <Trash />
    </div>
  )
}
