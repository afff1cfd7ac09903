/** Words that are one thing as a noun or adjective and another as a verb: `word noun verb`, in IPA of America. */
const nounVerbTable = `
abuse əbjˈuːs əbjˈuːz
excuse ɛkskjˈuːs ɛkskjˈuːz
house hˈaʊs hˈaʊz
misuse mɪsjˈuːs mɪsjˈuːz
refuse ɹˈɛfjuːs ɹᵻfjˈuːz
object ˈɑːbdʒɛkt əbdʒˈɛkt
objects ˈɑːbdʒɛkts əbdʒˈɛkts
present pɹˈɛzənt pɹᵻzˈɛnt
presents pɹˈɛzənts pɹᵻzˈɛnts
desert dˈɛzɚt dᵻzˈɜːt
record ɹˈɛkɚd ɹᵻkˈɔːɹd
records ɹˈɛkɚdz ɹᵻkˈɔːɹdz
conduct kˈɑːndʌkt kəndˈʌkt
conflict kˈɑːnflɪkt kənflˈɪkt
contest kˈɑːntɛst kəntˈɛst
contract kˈɑːntɹækt kəntɹˈækt
contrast kˈɑːntɹæst kəntɹˈæst
convert kˈɑːnvɜːt kənvˈɜːt
convict kˈɑːnvɪkt kənvˈɪkt
convicts kˈɑːnvɪkts kənvˈɪkts
escort ˈɛskɔːɹt ɛskˈɔːɹt
export ˈɛkspɔːɹt ɛkspˈɔːɹt
extract ˈɛkstɹækt ɛkstɹˈækt
import ˈɪmpɔːɹt ɪmpˈɔːɹt
incense ˈɪnsɛns ɪnsˈɛns
increase ˈɪnkɹiːs ɪnkɹˈiːs
decrease dˈiːkɹiːs dᵻkɹˈiːs
insult ˈɪnsʌlt ɪnsˈʌlt
insults ˈɪnsʌlts ɪnsˈʌlts
perfect pˈɜːfɛkt pɚfˈɛkt
permit pˈɜːmɪt pɚmˈɪt
produce pɹˈoʊduːs pɹədˈuːs
progress pɹˈɑːɡɹɛs pɹəɡɹˈɛs
project pɹˈɑːdʒɛkt pɹədʒˈɛkt
protest pɹˈoʊtɛst pɹətˈɛst
rebel ɹˈɛbəl ɹᵻbˈɛl
rebels ɹˈɛbəlz ɹᵻbˈɛlz
reject ɹˈiːdʒɛkt ɹᵻdʒˈɛkt
subject sˈʌbdʒɛkt səbdʒˈɛkt
suspect sˈʌspɛkt səspˈɛkt
suspects sˈʌspɛkts səspˈɛkts
survey sˈɜːveɪ sɚvˈeɪ
torment tˈɔːɹmɛnt tɔːɹmˈɛnt
transport tɹˈænspɔːɹt tɹænspˈɔːɹt
attribute ˈætɹɪbjuːt ɐtɹˈɪbjuːt
compound kˈɑːmpaʊnd kəmpˈaʊnd
console kˈɑːnsoʊl kənsˈoʊl
converse kˈɑːnvɜːs kənvˈɜːs
frequent fɹˈiːkwənt fɹiːkwˈɛnt
absent ˈæbsənt æbsˈɛnt
ally ˈælaɪ ɐlˈaɪ
separate sˈɛpɹət sˈɛpɚɹˌeɪt
deliberate dᵻlˈɪbɚɹət dᵻlˈɪbɚɹˌeɪt
moderate mˈɑːdɚɹət mˈɑːdɚɹˌeɪt
intimate ˈɪntɪmət ˈɪntɪmˌeɪt
estimate ˈɛstɪmət ˈɛstɪmˌeɪt
elaborate ᵻlˈæbɚɹət ᵻlˈæbɚɹˌeɪt
appropriate əpɹˈoʊpɹiət əpɹˈoʊpɹiˌeɪt
alternate ˈɔːltɚnət ˈɔːltɚnˌeɪt
advocate ˈædvəkət ˈædvəkˌeɪt
associate əsˈoʊʃiət əsˈoʊʃiˌeɪt
delegate dˈɛlɪɡət dˈɛlɪɡˌeɪt
animate ˈænɪmət ˈænɪmˌeɪt
articulate ɑːɹtˈɪkjʊlət ɑːɹtˈɪkjʊlˌeɪt
degenerate dᵻdʒˈɛnɚɹət dᵻdʒˈɛnɚɹˌeɪt
duplicate dˈuːplɪkət dˈuːplɪkˌeɪt
subordinate səbˈɔːɹdɪnət səbˈɔːɹdɪnˌeɪt
graduate ɡɹˈædʒuːət ɡɹˈædʒuːˌeɪt
precipitate pɹᵻsˈɪpɪtət pɹᵻsˈɪpɪtˌeɪt
`

export const nounVerbPairs: ReadonlyMap<string, { readonly noun: string; readonly verb: string }> = new Map(
  nounVerbTable
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([word = '', noun = '', verb = '']) => [word, { noun, verb }]),
)
