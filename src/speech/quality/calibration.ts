import { targetLoudness } from '../../audio/mastering-settings.ts'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { primarySubtag } from '../../novel/voice.ts'
import type { Speech, SpeechEngine } from '../speech-engine.ts'

/** Plain sentences, long enough for a stable measurement (10 to 15 s). */
const texts: Readonly<Record<string, string>> = {
  ar: 'فتحت النافذة ونظرت إلى الشارع. كان المساء هادئا والهواء باردا. ثم أغلقت الكتاب وذهبت إلى النوم.',
  cs: 'Otevřela okno a podívala se na ulici. Večer byl tichý a vzduch chladný. Potom zavřela knihu a šla spát.',
  da: 'Hun åbnede vinduet og så ud på gaden. Aftenen var stille, og luften var kold. Så lukkede hun bogen og gik i seng.',
  de: 'Sie öffnete das Fenster und sah auf die Straße. Der Abend war still, und die Luft war kühl. Dann schloss sie das Buch und ging schlafen.',
  el: 'Άνοιξε το παράθυρο και κοίταξε τον δρόμο. Το βράδυ ήταν ήσυχο και ο αέρας κρύος. Ύστερα έκλεισε το βιβλίο και πήγε για ύπνο.',
  en: 'She opened the window and looked down into the street. The evening was quiet, and the air was cold. Then she closed the book and went to bed.',
  es: 'Abrió la ventana y miró hacia la calle. La tarde estaba tranquila y el aire era frío. Luego cerró el libro y se fue a dormir.',
  fi: 'Hän avasi ikkunan ja katsoi kadulle. Ilta oli hiljainen ja ilma kylmä. Sitten hän sulki kirjan ja meni nukkumaan.',
  fr: 'Elle ouvrit la fenêtre et regarda dans la rue. Le soir était calme et l’air était froid. Puis elle ferma le livre et alla se coucher.',
  hi: 'उसने खिड़की खोली और सड़क की ओर देखा। शाम शांत थी और हवा ठंडी थी। फिर उसने किताब बंद की और सोने चली गई।',
  hu: 'Kinyitotta az ablakot, és lenézett az utcára. Az este csendes volt, a levegő hideg. Aztán becsukta a könyvet, és lefeküdt aludni.',
  id: 'Dia membuka jendela dan melihat ke jalan. Malam itu sunyi dan udaranya dingin. Lalu dia menutup buku dan pergi tidur.',
  it: 'Aprì la finestra e guardò nella strada. La sera era tranquilla e l’aria era fredda. Poi chiuse il libro e andò a dormire.',
  ja: 'まどをあけて、みちをみおろした。よるはしずかで、かぜはつめたかった。それから、ほんをとじて、ねむりについた。',
  ko: '그녀는 창문을 열고 거리를 내려다보았다. 저녁은 조용했고 공기는 차가웠다. 그리고 책을 덮고 잠자리에 들었다.',
  nl: 'Ze opende het raam en keek naar de straat. De avond was stil en de lucht was koud. Toen sloot ze het boek en ging slapen.',
  pl: 'Otworzyła okno i spojrzała na ulicę. Wieczór był cichy, a powietrze zimne. Potem zamknęła książkę i poszła spać.',
  pt: 'Ela abriu a janela e olhou para a rua. A noite estava calma e o ar estava frio. Depois fechou o livro e foi dormir.',
  ro: 'A deschis fereastra și a privit spre stradă. Seara era liniștită și aerul era rece. Apoi a închis cartea și s-a dus la culcare.',
  ru: 'Она открыла окно и посмотрела на улицу. Вечер был тихий, и воздух был холодный. Потом она закрыла книгу и легла спать.',
  sv: 'Hon öppnade fönstret och såg ut på gatan. Kvällen var stilla och luften var kall. Sedan stängde hon boken och gick och lade sig.',
  tr: 'Pencereyi açtı ve sokağa baktı. Akşam sessizdi ve hava soğuktu. Sonra kitabı kapattı ve uyumaya gitti.',
  uk: 'Вона відчинила вікно і подивилася на вулицю. Вечір був тихий, а повітря холодне. Потім вона закрила книгу і лягла спати.',
  vi: 'Cô mở cửa sổ và nhìn xuống con đường. Buổi tối yên tĩnh và không khí se lạnh. Rồi cô gấp sách lại và đi ngủ.',
  yue: '她打開窗戶，看着街道。晚上很安靜，空氣很冷。然後她合上書，去睡覺了。',
  zh: '她打开窗户，看着街道。晚上很安静，空气很冷。然后她合上书，去睡觉了。',
}

/** Digits, which nearly every language can read, and syllables for the three that are silent for digits. */
const anyLanguage = [
  '1, 2, 3, 4, 5, 6, 7, 8, 9, 10. 11, 12, 13, 14, 15, 16, 17, 18, 19, 20.',
  'Ma na la, mo no lo, mi ni li. La ma na, lo mo no, li mi ni.',
]

/** Calibration texts for a language; the first that is not silent is used. */
export function calibrationTexts(language: string): readonly string[] {
  const own = texts[primarySubtag(language)]
  return own === undefined ? anyLanguage : [own]
}

/** A voice's calibration text and speech. */
export interface Calibration {
  readonly text: string
  readonly speech: Speech
  /** LUFS. */
  readonly loudness: number
  /** Linear gain that brings the voice to the target loudness. */
  readonly gain: number
}

/** A voice to measure: one of the engine's own, or an installed one with its model. */
export interface VoiceToMeasure {
  readonly voice: string
  /** BCP 47. */
  readonly language: string
  readonly model?: VoiceModel | undefined
}

/**
 * Measures a voice over a calibration text in its language. Text, seed and speed are fixed, so every process finds the
 * same gain. `loudness` returns LUFS. Throws when the engine fails, or returns silence or non-finite samples.
 */
export async function calibrateVoice(
  engine: SpeechEngine,
  { voice, language, model }: VoiceToMeasure,
  loudness: (samples: Float32Array, sampleRate: number) => number,
): Promise<Calibration> {
  for (const text of calibrationTexts(language)) {
    const speech = await engine.speak({ text, voice, speed: 1, seed: 'calibration', model })
    if (!speech.samples.every(Number.isFinite)) throw new Error('some of its samples are not numbers')
    const measured = loudness(speech.samples, speech.sampleRate)
    if (!Number.isFinite(measured)) continue
    return { text, speech, loudness: measured, gain: 10 ** ((targetLoudness - measured) / 20) }
  }
  throw new Error('it is silent')
}

/** The gain of one of the engine's own voices, or of an installed one. Throws like `calibrateVoice`. */
export async function calibratedGain(
  engine: SpeechEngine,
  voice: string,
  loudness: (samples: Float32Array, sampleRate: number) => number,
  model?: VoiceModel,
): Promise<number> {
  return (await calibrateVoice(engine, await voiceToMeasure(engine, voice, model), loudness)).gain
}

/**
 * Resolves one of the engine's own voices, or an installed one, with the language that it is measured in: the model's
 * own, even if configured otherwise, or the same key would have two gains. Throws if there is none.
 */
export async function voiceToMeasure(
  engine: SpeechEngine,
  voice: string,
  model?: VoiceModel,
): Promise<VoiceToMeasure> {
  const own = model === undefined ? undefined : await engine.languageOf?.(model)
  const language = own ?? model?.language ?? engine.voices.find(({ id }) => id === voice)?.language
  if (language === undefined) throw new Error(`${engine.name} has no voice ${voice}.`)
  return { voice, language, model }
}
