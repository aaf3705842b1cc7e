/** A text of the table with its **strong** parts and its `code`. */
export const Rich = ({ text }: { readonly text: string }) => (
  <>
    {text.split(/(\*\*.+?\*\*|`.+?`)/).map((part, index) => {
      if (part.startsWith('**')) return <b key={index}>{part.slice(2, -2)}</b>;
      return part.startsWith('`') ? <code key={index}>{part.slice(1, -1)}</code> : part;
    })}
  </>
);
