/** The pattern of what was not recorded, for `fill="url(#…)"`. */
export const Hatch = ({ id }: { readonly id: string }) => (
  <defs>
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path class="c-miss" d="M1 0v6" />
    </pattern>
  </defs>
);
