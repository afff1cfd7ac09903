import {
  being,
  determiners,
  has,
  having,
  type HeteronymRule as Rule,
  isAuxiliary,
  isObject,
  isPlainVerb,
  lastWord,
  nextWord,
  prepositions,
  subjects,
  wordBefore,
} from './english-context.ts'

/** Directions after "wind" as a verb. */
const winding =
  /^(?:about|around|round|through|up|down|along|its|his|her|their|into|over|between|past|among|amongst|away|upward|upwards|downward|downwards|across|back|out|itself|himself|off|by|in|on|to|toward|towards)$/

const pastTense =
  /(?:[a-z]{2}ed|^(?:was|were|had|did|said|went|came|took|saw|sat|stood|gave|found|knew|thought|told|got|made|began|fell|felt|heard|held|kept|left|lay|led|lost|met|ran|rose|sent|spoke|wrote|turned|brought|caught|drew|yesterday|ago|once|never|last))$/

export const read: Rule = (context) => {
  const { before, after, sentence } = context
  const [past, present] = ['ɹˈɛd', 'ɹˈiːd']
  const near = wordBefore(context)
  if (near === 'to' || isAuxiliary(near)) return present
  if (having.has(near) || being.has(near) || /^(?:well|widely|much|he’d|she’d)$/.test(lastWord(context)))
    return past
  if (
    determiners.has(lastWord(context)) &&
    !/^(?:this|that|these|those|all|who|which)$/.test(lastWord(context))
  )
    return present
  if (subjects.has(near)) {
    const earlier = before[before.indexOf(near) + 1] ?? ''
    if (having.has(earlier)) return past
    if (/\breads\b/.test(sentence)) return present
    if (isAuxiliary(earlier) || /^(?:does|did|do)$/.test(earlier)) return present
    if (
      /\b(?:people|those|men|women|children|all) who read\b.* (?:are|is|know|can|will|must|should)\b/.test(
        sentence,
      )
    )
      return present
    if (/^(?:he|she|it|who|nobody|everybody|somebody|everyone)$/.test(near)) return past
    if (
      /\b(?:yesterday|ago|last (?:night|week|year|time|summer)|once|when (?:he|she|i|we|they) was)\b/.test(
        sentence,
      )
    )
      return past
    if (/\b(?:always|often|every|usually|sometimes|now|today|if|whenever|can|will|never)\b/.test(sentence))
      return present
    return near === 'you' ? present : past
  }
  if (lastWord(context) === '')
    return isObject(nextWord(context)) || /^(?:on|aloud|out|to)$/.test(nextWord(context)) ? present : past
  if (/^(?:and|or|then|but|please)$/.test(near)) {
    for (const word of before.slice(1)) {
      if (isAuxiliary(word)) return present
      if (pastTense.test(word) || /^(?:he|she)$/.test(word)) return past
    }
    return /\b(?:was|were|had|\w{3,}ed)\b/.test(sentence) ? past : near === 'please' ? present : past
  }
  if (has(before, /^(?:will|would|can|could|shall|should|must|may|might|did|do|does|don’t|didn’t|let)$/))
    return present
  if (
    /(?:[^s’']s|men|children|people)$/.test(near) &&
    !has(after, pastTense) &&
    /\b(?:always|often|every|now|still)\b/.test(sentence)
  )
    return present
  return past
}

export const live: Rule = (context) => {
  const [verb, living] = ['lˈɪv', 'lˈaɪv']
  const following = nextWord(context)
  const animal =
    /^(?:it|them|him|her)$/.test(lastWord(context)) &&
    /^(?:caught|ate|eaten|swallowed|boiled|took|taken|captured)$/.test(context.before[1] ?? '')
  if (animal && following === '') return living
  if (isPlainVerb(context) || isAuxiliary(wordBefore(context)) || subjects.has(wordBefore(context)))
    return verb
  if (
    determiners.has(lastWord(context)) &&
    !/^(?:who|that|these|those|all|both)$/.test(lastWord(context)) &&
    following !== ''
  )
    return living
  if (
    /^(?:coals?|wires?|ammunition|birds?|fish|shows?|music|performance|broadcast|animals?|bait|embers?|rounds?|shells?|stock|cattle|eels?|chickens?|oak|rabbits?|pigs?)$/.test(
      following,
    )
  )
    return living
  return being.has(lastWord(context)) && following === '' ? living : verb
}

export const lives: Rule = (context) => {
  const near = wordBefore(context)
  const verb = 'lˈɪvz'
  const { before } = context
  if (/^(?:he|she|it|who|that|nobody|everybody|everyone|somebody)$/.test(near)) return verb
  if (
    (determiners.has(lastWord(context)) && lastWord(context) !== 'no') ||
    prepositions.has(lastWord(context)) ||
    /^(?:human|past|private|happy|whole|many|long|former|nine)$/.test(lastWord(context))
  )
    return 'lˈaɪvz'
  if (
    /^(?:in|at|on|here|there|alone|with|near|by|next|under|up|down|for|among)$/.test(nextWord(context)) &&
    before.length > 0
  )
    return verb
  return 'lˈaɪvz'
}

/** What closes by itself: "his eyes close", "the shops close at six". */
const closing =
  /^(?:eyes|eyelids|lids|lips|jaws|mouths?|hands?|fingers|fist|doors?|gates?|shutters|shops?|stores|schools?|pubs|banks|curtains?|windows?|waters?|walls|arms|wounds?|ranks|flowers|petals)$/

export const close: Rule = (context) => {
  const [shut, near] = ['klˈoʊz', 'klˈoʊs']
  const following = nextWord(context)
  const before = lastWord(context)
  if (
    /^(?:too|so|very|quite|as|how|pretty|rather|sat|stood|kept|keep|held|hold|drew|came|come|stay|stayed|get|got|went|lay|run|ran|draw|lean|leaned|up|stick|stuck|followed|follow|pressed|huddled|drawn|seated|it’s|being)$/.test(
      before,
    ) &&
    !(before === 'come' && following === 'the')
  ) {
    return /^(?:drew|came|draw|come|brought)$/.test(before) && before === 'to' ? shut : near
  }
  if (following === 'to' && !isAuxiliary(before)) return near
  if (
    closing.test(before) &&
    /^(?:at|on|behind|over|again|in|after|upon|round|around|with|when|as|and|for)?$/.test(following) &&
    !/^(?:hand|the hand|heel)$/.test(context.after[1] ?? '') &&
    !context.before.some((word) => being.has(word))
  )
    return shut
  if (
    /^(?:by|behind|beside|upon|together|enough|at|up|against|under|beneath|quarters|range|friends?|attention|shave|watch|air|call|companions?|relations?|ally|contact|resemblance)$/.test(
      following,
    ) &&
    !(isPlainVerb(context) && /^(?:at|up|behind|upon|together)$/.test(following))
  )
    return near
  if (determiners.has(before)) return following === 'of' || following === '' ? shut : near
  if (isPlainVerb(context)) return shut
  if (being.has(wordBefore(context)) || before === 'and') return near
  return before === 'to' ? shut : isObject(following) ? shut : near
}

const fabric =
  /\b(?:dress|cloth|fabric|sails?|paper|canvas|coat|sleeve|shirt|skirt|curtain|net|skin|tent|tissue|muscle|gown|trousers|page|silk|flag|veil|carpet)\b/

export const tear: Rule = (context) => {
  const { before, sentence } = context
  const [rip, weep] = ['tˈɛɹ', 'tˈɪɹ']
  const following = nextWord(context)
  if (isPlainVerb(context) || isAuxiliary(wordBefore(context))) return rip
  if (isObject(following) && !determiners.has(lastWord(context))) return rip
  if (/^(?:up|off|down|away|apart|open|out)$/.test(following) && !determiners.has(lastWord(context)))
    return rip
  if (/^(?:wear)$/.test(before[1] ?? '') && lastWord(context) === 'and') return rip
  return fabric.test(sentence) && following === 'in' ? rip : weep
}

export const tears: Rule = (context) => {
  const near = wordBefore(context)
  if (determiners.has(lastWord(context)) || prepositions.has(lastWord(context))) return 'tˈɪɹz'
  if (/^(?:he|she|it|who|that|wind|wolf|dog|storm|lion|bear)$/.test(near)) return 'tˈɛɹz'
  return isObject(nextWord(context)) &&
    context.before.length > 1 &&
    /^(?:up|off|down|away|apart|open|out|from)$/.test(context.after[2] ?? '')
    ? 'tˈɛɹz'
    : 'tˈɪɹz'
}

export const wound: Rule = (context) => {
  const [turned, hurt] = ['wˈaʊnd', 'wˈuːnd']
  const near = wordBefore(context)
  if (determiners.has(lastWord(context)) || isAuxiliary(near) || prepositions.has(lastWord(context)))
    return hurt
  if (winding.test(nextWord(context))) {
    if (being.has(near) || having.has(near)) return turned
    return /^(?:deep|old|fresh|mortal|bullet|open|head|flesh|grievous|slight|bad|severe|knife|sword|terrible|ugly|fatal|healed|bleeding)$/.test(
      lastWord(context),
    )
      ? hurt
      : turned
  }
  if (subjects.has(near) || having.has(near) || being.has(near)) return turned
  return isObject(nextWord(context)) ? turned : hurt
}

/** "The stairs wind upward". */
const path =
  /^(?:stairs|steps|roads?|paths?|streets|lanes|rivers?|streams?|trails?|tracks?|corridors|passages|staircases?)$/

export const wind: Rule = (context) => {
  if (path.test(lastWord(context)) && winding.test(nextWord(context))) return 'wˈaɪnd'
  const verb =
    isPlainVerb(context) && lastWord(context) !== ''
      ? true
      : lastWord(context) === '' &&
        isObject(nextWord(context)) &&
        /\b(?:clock|watch|thread|wool|yarn|rope|bandage|spring)\b/.test(context.sentence)
  if (verb && !(determiners.has(lastWord(context)) || prepositions.has(lastWord(context)))) return 'wˈaɪnd'
  return 'wˈɪnd'
}

export const winds: Rule = (context) =>
  winding.test(nextWord(context)) &&
  !/^(?:in|on|to|by|over|of|from|off|back|across)$/.test(nextWord(context)) &&
  !/^(?:the|and|of|cold|high|strong|west|north|south|east|four|these|those)$/.test(lastWord(context))
    ? 'wˈaɪndz'
    : 'wˈɪndz'

/** "used to": accustomed, or a habit of the past; "used" with an object is the ordinary verb. */
export const used: Rule = (context) => {
  if (nextWord(context) !== 'to') return 'jˈuːzd'
  const near = wordBefore(context)
  if (having.has(near) && /^(?:me|him|us|them|her|it|you)$/.test(context.after[1] ?? '')) return 'jˈuːzd'
  const thing = being.has(near) && isPlainWord(context.after[1])
  return thing &&
    /^(?:be|been|was|were|is|are)$/.test(near) &&
    !/^(?:the|this|that|it|him|her|them|me|us|such|being|having|his|my|your|our|their|a|seeing|hearing|doing)$/.test(
      context.after[1] ?? '',
    ) &&
    !(context.after[1] ?? '').endsWith('ing')
    ? 'jˈuːzd'
    : 'jˈuːst'
}

const isPlainWord = (word = ''): boolean => word !== ''

export const use: Rule = (context) => {
  if (
    /^(?:of|no|any|in|some|much|little|great|good|make|made|makes|making|’s|what’s)$/.test(
      lastWord(context),
    ) ||
    nextWord(context) === 'of'
  )
    return 'jˈuːs'
  return isPlainVerb(context) || isObject(nextWord(context)) ? 'jˈuːz' : 'jˈuːs'
}
