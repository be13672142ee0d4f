/** Giving the person a file that was made in this page. Nothing is sent anywhere. */
export function saveFile(name: string, type: string, content: string | Uint8Array): void {
  const address = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken the bytes by then; the address would keep them in memory.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
