/** What the screen before had to say, such as that a step succeeded; shown once. */
import { useState } from "preact/hooks";
import { useVisit } from "../visit.ts";
import { Success } from "./banner.tsx";

export function Said() {
  const visit = useVisit();
  const [text] = useState(visit.said);
  return text === null ? null : <Success>{text}</Success>;
}
