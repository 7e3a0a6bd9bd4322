namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for when a record is compiled for .NET Standard.</summary>
internal static class IsExternalInit;
