/**
 * Categories of personal data: the regulator's own list, so that a report can name what a form collects without anybody
 * having to open a letter.
 */
export const CATEGORIES = {
  "racial-ethnic": "Racial or ethnic origin",
  political: "Political opinions",
  religious: "Religious or philosophical beliefs",
  union: "Trade union membership",
  "sex-life": "Sex life",
  orientation: "Sexual orientation",
  "gender-reassignment": "Gender reassignment",
  health: "Health",
  "basic-identifiers": "Basic personal identifiers, for example name or contact details",
  identification: "Identification data, for example user names or case numbers",
  economic: "Economic and financial data",
  "official-documents": "Official documents",
  location: "Location data",
  "genetic-biometric": "Genetic or biometric data",
  criminal: "Criminal convictions and offences",
  "not-yet-known": "Not yet known",
  other: "Other",
} as const;

export type DataCategory = keyof typeof CATEGORIES;

export const isCategory = (value: unknown): value is DataCategory =>
  typeof value === "string" && Object.hasOwn(CATEGORIES, value);
