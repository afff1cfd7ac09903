import {
  determiners,
  has,
  type HeteronymRule as Rule,
  isAuxiliary,
  isObject,
  isPlainVerb,
  lastWord,
  nextWord,
  prepositions,
  wordBefore,
} from './english-context.ts'

const body =
  /^(?:deep|low|slight|little|stiff|polite|graceful|formal|profound|courtly|mock|grave|stately|respectful|final|quick|small|sweeping|solemn|ceremonious|silent|elaborate|curt|awkward|half|cold|easy|gallant|old-fashioned)$/

const ship =
  /\b(?:ships?|boats?|vessel|deck|stern|prow|waves?|sail(?:s|ed|or|ors)?|canoe|anchor|crew|port|starboard|oars?|rowed|keel|harbou?r|yacht|schooner)\b/

const weapon =
  /\b(?:arrows?|strings?|quiver|archers?|shoot|shot|violin|fiddle|ribbons?|hair|hunter|cello|neck|bent|strung|cross|tied?|rainbow|silk|necktie)\b/

export const bow: Rule = (context) => {
  const [bendPhonemes, weaponPhonemes] = ['bˈaʊ', 'bˈoʊ']
  const { before, sentence } = context
  if (/^(?:tie|window|windows|legs|legged|string)$/.test(nextWord(context))) return weaponPhonemes
  if (isPlainVerb(context) || isAuxiliary(wordBefore(context))) return bendPhonemes
  if (
    has(before.slice(0, 3), body) ||
    /^(?:made|make|making|returned|answered|acknowledged)$/.test(before[1] ?? '')
  )
    return bendPhonemes
  if (/^(?:and|arrow)$/.test(nextWord(context)) && /\bbow and arrows?\b/.test(sentence)) return weaponPhonemes
  if (weapon.test(sentence)) return weaponPhonemes
  if (ship.test(sentence)) return bendPhonemes
  if (before[1] === 'with' && lastWord(context) === 'a') return bendPhonemes
  return /^(?:took|take|takes|gave|give|with)$/.test(before[1] ?? '') && lastWord(context) === 'a'
    ? bendPhonemes
    : weaponPhonemes
}

export const bows: Rule = (context) => (weapon.test(context.sentence) ? 'bˈoʊz' : 'bˈaʊz')

export const lead: Rule = (context) => {
  const { before, after, sentence } = context
  const [metal, guide] = ['lˈɛd', 'lˈiːd']
  const following = nextWord(context)
  if (
    /^(?:pipes?|bullets?|roofs?|coffins?|weights?|balls?|shot|soldiers?|pencils?|poisoning|paint|mines?|lining|lined|sheets?|plates?|seal|seals|glass|ore|cistern|tank|sinker)$/.test(
      following,
    )
  )
    return metal
  if (
    /^(?:of|like|as|molten|melted|sheet|red|white|solid|liquid|pure|black|into)$/.test(lastWord(context)) &&
    (following === '' || !isObject(following))
  )
    return lastWord(context) === 'of' &&
      determiners.has(before[1] ?? '') &&
      /^(?:taking|way)$/.test(before[2] ?? '')
      ? guide
      : metal
  if (/\b(?:tin|iron|copper|zinc|silver|pewter|brass)\b/.test(sentence) && !isPlainVerb(context)) return metal
  if (before.includes('turned') && lastWord(context) === 'to') return metal
  if (lastWord(context) === 'the' && /^(?:in|of|from)$/.test(following) && /\bpencils?\b/.test(sentence))
    return metal
  if (
    lastWord(context) === 'with' &&
    /^(?:lined|covered|loaded|weighted|filled|sheathed|roofed|plated|sealed|coated|packed|heavy)$/.test(
      before[1] ?? '',
    )
  )
    return metal
  if (
    has(after.slice(0, 1), /^(?:in|on)$/) &&
    /\b(?:limbs?|legs?|feet|shoes|boots|veins|stomach|heart)\b.*\blead\b/.test(sentence) &&
    lastWord(context) !== 'the'
  )
    return metal
  return guide
}

const minutely =
  /^(?:details?|specks?|particles?|examination|description|inspection|quantit(?:y|ies)|portions?|fragments?|creatures?|insects?|account|care|attention|changes?|differences?|scale|amounts?|holes?|drops?|traces?|observation|knowledge|study|marks?|dust|pieces?|inquir(?:y|ies)|accuracy|crack|scratch|points?|figures?|objects?|animals?|shells?|investigation|instructions|directions|print|handwriting|organisms?|distinctions?|dots?|grains?)$/

export const minute: Rule = (context) => {
  if (
    minutely.test(nextWord(context)) ||
    (/^(?:so|very|extremely|infinitely|most|exceedingly|too|more|and)$/.test(lastWord(context)) &&
      !/^(?:a|the|one)$/.test(nextWord(context)) &&
      lastWord(context) !== 'and')
  )
    return 'maɪnˈuːt'
  return 'mˈɪnɪt'
}

export const content: Rule = (context) => {
  const { before } = context
  if (/^(?:heart’s|hearts’|soul’s)$/.test(lastWord(context))) return 'kəntˈɛnt'
  if (
    (determiners.has(lastWord(context)) && !/^(?:all|more|less|much|no)$/.test(lastWord(context))) ||
    (lastWord(context) === 'of' &&
      !/^(?:sigh|look|smile|air|feeling|sense|expression|murmur)$/.test(before[1] ?? ''))
  )
    return 'kˈɑːntɛnt'
  return 'kəntˈɛnt'
}

export const row: Rule = (context) => {
  const quarrel = /^(?:with|about|over|between|going|that|in|outside|downstairs)?$/.test(nextWord(context))
  const loud =
    /^(?:terrible|awful|dreadful|fearful|frightful|such|blazing|infernal|devil|hell|kick|making|made|make|had|having|family|stand-up)$/
  return quarrel &&
    (has(context.before.slice(0, 3), loud) ||
      /\b(?:kick(?:ed)? up|what’s) (?:a|the) row\b/.test(context.sentence)) &&
    !/\b(?:houses|trees|seats|beds|chairs|teeth|boats?|oars?|of)\b/.test(context.sentence)
    ? 'ɹˈaʊ'
    : 'ɹˈoʊ'
}

export const learned: Rule = (context) => {
  const attributive =
    determiners.has(lastWord(context)) &&
    nextWord(context) !== '' &&
    !/^(?:that|from|to|of|how|what|the|by)$/.test(nextWord(context))
  const degree = /^(?:very|most|so|more|too)$/.test(lastWord(context))
  return attributive || degree ? 'lˈɜːnɪd' : 'lˈɜːnd'
}

export const attributive =
  (adjective: string): Rule =>
  (context) =>
    determiners.has(lastWord(context)) && nextWord(context) !== '' && !prepositions.has(nextWord(context))
      ? adjective
      : undefined
