using GenQ.Text;

namespace GenQ.Web;

/// <summary>Loads the base of a run.</summary>
/// <param name="settings">The run's settings.</param>
internal delegate ISentenceEncoder BaseEncoder(GenQSettings settings);
