// The install script of onnxruntime-node calls this before it downloads 300 MB for CUDA from elsewhere, which the classifier
// does not use: it ends here. Without it, `npm ci` would need that network, or a setting in .npmrc that npm 11 warns of.
exports.bootstrap = () => process.exit(0);
