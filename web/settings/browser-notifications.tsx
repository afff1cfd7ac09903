import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { Told } from '../element/told.tsx'
import { useListenerSettings } from '../listener/use-settings.ts'

type Permission = NotificationPermission | 'insecure' | 'unknown'

function permissionNow(): Permission {
  if (!isSecureContext) return 'insecure'
  return 'Notification' in globalThis ? Notification.permission : 'unknown'
}

/** Whether this device says when a book or a chapter is ready. The browser is asked at the press, never before. */
export function BrowserNotifications() {
  const [settings, change] = useListenerSettings()
  const [permission, setPermission] = useState(permissionNow)
  const isOn = settings.notify.browser && permission === 'granted'
  const choose = async (wanted: boolean): Promise<void> => {
    const answer =
      wanted && permissionNow() === 'default' ? await Notification.requestPermission() : undefined
    const now = answer ?? permissionNow()
    setPermission(now)
    if (!wanted || now === 'granted') change({ notify: { browser: wanted } })
  }
  const isPossible = permission !== 'insecure' && permission !== 'unknown'
  return (
    <section aria-labelledby="notify-title">
      <h2 id="notify-title">
        <Trans>Tell me when it is ready</Trans>
      </h2>
      <label className="setting-switch">
        <input
          type="checkbox"
          checked={isOn}
          disabled={!isPossible}
          aria-describedby="notify-words"
          onChange={(event) => void choose(event.target.checked)}
        />
        <span>{t`Notifications of this browser`}</span>
      </label>
      <Told className="figures" id="notify-words" words={permissionWords(permission)} />
    </section>
  )
}

function permissionWords(permission: Permission): string {
  if (permission === 'insecure')
    return t`Browsers notify only from an address that begins with https, or on the machine itself. Open Nightjar in that way.`
  if (permission === 'unknown')
    return t`This browser has no notifications. On a phone, add Nightjar to the home screen first.`
  if (permission === 'denied')
    return t`This browser was told not to notify. Allow it for this address in the settings of the browser, then press again.`
  return t`When what you asked for is spoken, or the chapter that you have open, while you look at something else.`
}
