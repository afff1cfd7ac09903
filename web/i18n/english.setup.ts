import { i18n } from '@lingui/core'

// In a test messages carry their English words; what is missing is only whose numbers and plurals they are.
i18n.loadAndActivate({ locale: 'en', messages: {} })
