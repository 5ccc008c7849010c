namespace Makemore;

/// <summary>A failure of an engine's device: it is not available, or its memory is full. The message fits on one line.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="cause">The exception of the device's library, if any.</param>
public sealed class EngineException(string message, Exception? cause = null) : Exception(message, cause);
