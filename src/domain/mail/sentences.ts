/**
 * What mail servers from before reports say, in the languages in which such servers are met: that a mail failed, or that
 * it is late. Asked only of what a mail server wrote, never of a person's answer.
 */

const FAILED = [
  // English
  "could not be delivered|couldn['\u2019]t be delivered|wasn['\u2019]t able to deliver|was not able to deliver",
  "unable to deliver|delivery (?:has |to the following [^.]{0,80}? )?(?:failed|failure)",
  "permanent(?:ly)? (?:error|failed|fatal errors)|failed permanently|undeliverable|undelivered mail",
  "returned to sender|returning message to sender|failure notice|this is the qmail-send program",
  // German
  "(?:konnte|konnten|kann) (?:(?:(?!noch )[^.\n]){0,60} )?nicht (?:zugestellt|\u00fcbermittelt|ausgeliefert) werden|unzustellbar|nicht zustellbar",
  // French
  "n['\u2019](?:a|ont) pas pu \u00eatre (?:remis|distribu\u00e9|d\u00e9livr\u00e9|livr\u00e9|achemin\u00e9)|impossible de (?:remettre|distribuer)",
  "non remis|non distribu(?:\u00e9|able)|\u00e9chec de (?:la )?(?:remise|distribution)",
  // Spanish
  "no se (?:ha podido|pudo|puede) entregar|no (?:ha podido|pudo) ser entregado|no entregado|error de entrega",
  // Italian
  "impossibile (?:recapitare|consegnare)|non recapitabile|mancato recapito|non \u00e8 stato possibile (?:recapitare|consegnare)",
  // Portuguese
  "n\u00e3o p\u00f4de ser entregue|n\u00e3o foi poss\u00edvel entregar|falha na entrega",
  // Dutch
  "kon(?:den)? niet worden (?:bezorgd|afgeleverd)|onbestelbaar",
  // Polish
  "nie mo\u017cna (?:by\u0142o )?dostarczy\u0107|niedostarczon|nie zosta\u0142a dostarczona",
  // Welsh
  "ni ellid (?:dosbarthu|danfon|anfon)|methwyd \u00e2(?:['\u2019]i)? (?:dosbarthu|danfon|anfon)|heb ei (?:ddosbarthu|danfon)",
];

const LATE = [
  // English
  "has not yet been delivered|not yet been delivered|delivery (?:is|has been|was) delayed|delivery is being retried",
  "delivery attempts will continue|will (?:continue to )?(?:keep )?(?:be )?(?:try(?:ing)?|retr(?:y|ied))",
  "no action is required|warning message only|still (?:be )?trying",
  // German
  "noch nicht (?:zugestellt|\u00fcbermittelt|ausgeliefert)|zustellung (?:ist |wurde |hat sich )?verz\u00f6gert|weitere zustellversuche|wird weiter(?:hin)? versucht",
  // French
  "pas encore (?:pu \u00eatre |\u00e9t\u00e9 )(?:remis|distribu\u00e9|d\u00e9livr\u00e9)|(?:remise|distribution) (?:[^.\n]{0,40} )?(?:est |a \u00e9t\u00e9 )?retard\u00e9e",
  // Spanish
  "(?:a\u00fan|todav\u00eda) no (?:se )?(?:ha|pudo)|entrega (?:[^.\n]{0,40} )?(?:se ha |est\u00e1 )?retras|seguir\u00e1 intentando",
  // Italian, Portuguese, Dutch
  "non (?:\u00e8 )?ancora (?:stato )?(?:recapitato|consegnato)|ainda n\u00e3o (?:foi|p\u00f4de)|nog niet (?:bezorgd|afgeleverd)",
  // Polish, Welsh
  "jeszcze nie (?:zosta\u0142a )?dostarczon|heb ei (?:ddosbarthu|danfon) eto",
];

/** A word's beginning and end, in any script. */
const whole = (parts: readonly string[]): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})`, "iu");

export const SENTENCES = { failed: whole(FAILED), late: whole(LATE) } as const;
