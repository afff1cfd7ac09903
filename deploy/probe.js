// The probe of the image, which has no shell and no curl: ends with 0 if the server is alive.
const address = `http://127.0.0.1:${process.env.PORT || 4747}${process.env.NIGHTJAR_BASE || ''}/livez`
fetch(address).then(
  ({ ok }) => process.exit(ok ? 0 : 1),
  () => process.exit(1),
)
