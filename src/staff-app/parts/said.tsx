/** What the screen before had to say, such as that a step succeeded; shown once. */
import { useEffect, useState } from "preact/hooks";
import { whenForgotten } from "../said.ts";
import { useVisit } from "../visit.ts";
import { Success } from "./banner.tsx";

export function Said() {
  const visit = useVisit();
  const [text, setText] = useState(visit.said);
  useEffect(() => {
    return whenForgotten(() => setText(null));
  }, []);
  return text === null ? null : <Success>{text}</Success>;
}
