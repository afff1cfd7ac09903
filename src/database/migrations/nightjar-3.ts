export const nightjar3 = 'SELECT 1'
