namespace Makemore;

/// <summary>What an engine's device cannot do: it is not there, or its memory is full. The message is one line for a
/// person.</summary>
/// <param name="message">What is wrong, and what helps.</param>
/// <param name="cause">What the device's library said; none where it was not asked.</param>
public sealed class EngineException(string message, Exception? cause = null) : Exception(message, cause);
