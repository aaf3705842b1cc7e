/** A text of the table with its **strong** parts. */
export const Rich = ({ text }: { readonly text: string }) => (
  <>{text.split('**').map((part, index) => (index % 2 ? <b key={index}>{part}</b> : part))}</>
);
