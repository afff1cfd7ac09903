import { offlineStorage } from '../offline/offline-storage.ts'
import { recalledSettings, rememberAlone } from '../listener/kept-settings.ts'
import { keptStore } from '../offline/kept-store.ts'

/** What belongs to the browser, whoever sits at it. */
const ofBrowser: ReadonlySet<string> = new Set(['device', 'account', 'single-keys'])

/** Deletes all that this browser keeps of a person: kept chapters, what is unsent, places, settings. */
export async function forgetPerson(): Promise<void> {
  const { locale } = recalledSettings()
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith('nightjar.') && !ofBrowser.has(name.slice('nightjar.'.length)))
        localStorage.removeItem(name)
    // Whoever comes next is asked in the language that was spoken here last.
    if (locale !== undefined) rememberAlone({ locale })
  } catch {
    // A browser that remembers nothing.
  }
  try {
    const db = await offlineStorage()
    const stores = [...db.objectStoreNames]
    const emptied = db.transaction(stores, 'readwrite')
    await Promise.all(stores.map((name) => emptied.objectStore(name).clear()))
    await emptied.done
    await keptStore.changed()
  } catch {
    // Nor may it keep anything.
  }
}
