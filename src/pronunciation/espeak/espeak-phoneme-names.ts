// The names of the library's phonemes: of all its languages, each of which has some of them (its file `phontab`).

export const vowelNames: readonly string[] = [
  '@ a e i o u E O U y Y W V & A 0 I 3 8 2 4 5 9 w v l n m N @- m- n- N- r- l- a/ aU eU iU aI eI EI',
  'oI uI a. i. u. e: u2 e2 ai Au @r ei i[ iA iE io o- ou uA ua u@ uo yu y& yE y@ yi i: y: u: o: A: AY',
  'aY @I @Y Iu Yu OI OY uY ?V ?i ?e ?E ?& &# ?A ?u ?o ?O ?0 ?y ?W W# I2 @2 @5 @L a# a2 aa E# E2 I# 0#',
  '02 O2 A@ A# 3: O: O@ o@ oU e@ i@ U@ IR VR A~ O~ e# @# a: A1 E1 I1 i1 O1 U1 8: &: Y: &i Yi u1 oi ui',
  'au eu iu &y ey Yy iy ie yY I: E: 2: 4: 5: 9: W: yI u- E~ W~ j/ a- e- E- y- W2 @/ O# U# @U a~ e~ i~',
  'o~ u~ y~ ia ue @3 I~ V~ U~ EU aE @E eR eA oA OU AU uE ee a` o` AI I^ I3 ja E3 E% u# u" ju V# Eu Wi',
  '@i Oi aW O+ @: o# o& O- ng oe eo i" 0` 0~ e` i` u` &~ e/ o/ i/ i# &/ iI yU ea Oa U: Y@ UR i2 iR Wy',
  'VU o2 VI r: l: e+ o+ r* iAu iou ong uai uei ?&# ?W# I2# oU# i@3 aI@ aI3 aU@ a#2 aI: eI: aU: oU:',
  'Yy: aI# aU# iau uo` u-: u-I ja# a:u a:i a:I @:I a:U @:U aai aau ang eng ing ung eoi 0~` e~` i~`',
  'o~` u~` V~` u": &U~ oI~ e[u aI2 o-: aI~ aU~ aang oeng',
].flatMap((line) => line.split(' '))

export const consonantNames: readonly string[] = [
  '* ? r ; t p k n R l j w L h m N b d J c g B f v D T z s Z S C Q x q X H A G M P K r/ R2 R3 r" l/',
  'l^ l. L/ n. n^ r. d[ t[ dZ tS v# z. s. z; s; Z; S; J^ Q^ Q" l# ts dz p- ph t- c2 k- kh k# s2 w2 p`',
  't` k` gH dH s[ th 3- t# r- t2 d# z# w# s^ t^ d^ m# n# N# r# r2 w/ n2 p2 t3 z2 z3 j. p# b# t. d. c#',
  'J# g# r` Q2 s- q- d- TS rR t; d; n; l; v` z- z` Z` ng hs ht ky q` n_ m; R4 ll sx cr d_ h` tz l2 ss',
  'k~ g~ Q~ S~ s# p; f; b; v; x2 pF g; k; n[ h# d2 R^ k^ r* x# l/2 l/3 dZ; tS; tS` tsh ts. z/2 n^#',
  'tl# r/2 t.# d.# ts# tS# t_s ts; dz; p_h t_h k_h l/4 dz. ts2 tS~ dZ~ n.# R^/ tS;h ts.h tS;-',
].flatMap((line) => line.split(' '))

/** Of languages with tones. */
export const toneNames: readonly string[] = '1 2 3 4 5 6 7 11 21 22 23 32 33 35 43 44 51 53 55 214'.split(' ')
