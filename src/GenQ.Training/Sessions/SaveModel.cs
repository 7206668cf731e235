using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>Saves a model with the weights of a training, ready to load.</summary>
/// <param name="folder">Receives the model; created where missing.</param>
/// <param name="weights">The weights under their names in the network, in the type in which they are to be saved.</param>
internal delegate void SaveModel(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights);
