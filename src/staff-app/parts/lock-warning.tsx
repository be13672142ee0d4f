/** A minute before the lock: a dialog that says so and takes one key press to send away. */
import { useEffect, useRef } from "preact/hooks";
import { Button, TextButton } from "./button.tsx";

type Props = {
  readonly leftMs: number;
  /** whether what was typed comes back */
  readonly keepsTyped: boolean;
  readonly onStay: () => void;
  readonly onLeave: () => void;
};

/** Read out seldom: a voice that counts every second says nothing else. */
const spoken = (seconds: number): boolean => (seconds > 20 ? seconds % 20 === 0 : seconds % 5 === 0);

export function LockWarning({ leftMs, keepsTyped, onStay, onLeave }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  const last = useRef("");
  const words = `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  if (last.current === "" || spoken(seconds)) last.current = `You will be signed out in ${words}.`;
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onStay();
  };
  return (
    <dialog class="pb-dialog" ref={dialog} aria-labelledby="lock-title" aria-describedby="lock-text" onCancel={cancel}>
      <h2 class="govuk-heading-m" id="lock-title">
        You will be signed out soon
      </h2>
      <p class="govuk-body" id="lock-text">
        Nothing has happened here for a while. In <strong>{words}</strong> your key and everything you have opened will
        be forgotten.{" "}
        {keepsTyped
          ? "Nothing will be lost: what you have typed and not sent is kept in this tab, sealed to your key, and is back when you sign in here again."
          : "What you have typed and not sent will be lost."}
      </p>
      <p class="govuk-visually-hidden" role="status">
        {last.current}
      </p>
      <div class="govuk-button-group">
        <Button onPress={onStay}>Stay signed in</Button>
        <TextButton onPress={onLeave}>Sign out now</TextButton>
      </div>
    </dialog>
  );
}
