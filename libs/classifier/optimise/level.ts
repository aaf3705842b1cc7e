/** `wrapped`: preprocessing inside the graph, any number of images. `by-image`: wrapped, and the first layers run image by image. */
export type Rewriting = 'by-image' | 'wrapped';

/** How a model runs: rewritten, or as its file has it. */
export type OptimisationLevel = Rewriting | 'plain';
