using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace OtelTelemetry.Tests.Conventions;

/// <summary>Writes an assembly's public surface down, a line a member, sorted: what a user can call, and nothing else.</summary>
internal static class PublicApiText
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.Namespace).Append('.').Append(Name(type)).Append(Bases(type)).Append('\n');
            var lines = type.IsEnum
                ? Enum.GetNames(type)
                : type.GetMembers(Members).Where(IsVisible).Select(Line).OfType<string>();
            foreach (var line in lines.OrderBy(line => line, StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Holds an assembly to the approved text beside the calling test.</summary>
    internal static void Check(Assembly assembly, [CallerFilePath] string thisFile = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(thisFile)!, $"{assembly.GetName().Name}.approved.txt");
        var text = Of(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1") File.WriteAllText(approved, text);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        Assert.That(text, Is.EqualTo(expected), $"The public API differs from {Path.GetFileName(approved)}. If that is meant, run with UPDATE_PUBLIC_API=1 and commit the file.");
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? type.IsByRefLike ? "ref struct" : "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum) return "";
        var own = type.GetInterfaces().Where(one => one.IsPublic && type.BaseType?.GetInterfaces().Contains(one) != true && !IsImplied(one, type));
        string[] bases = [.. new[] { type.BaseType }.OfType<Type>().Where(one => one != typeof(object) && one != typeof(ValueType)).Concat(own.OrderBy(one => one.Name, StringComparer.Ordinal)).Select(Name)];
        return bases.Length == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static bool IsImplied(Type one, Type type) => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEquatable<>) && one.GetGenericArguments()[0] == type;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        FieldInfo field => field.IsPublic || field.IsFamily,
        EventInfo one => IsVisible(one.AddMethod!),
        _ => false,
    };

    private static string? Line(MemberInfo member) => member switch
    {
        // What the compiler makes for records says nothing; accessors are said by their properties.
        MethodInfo { IsSpecialName: true } or MethodInfo { Name: "Equals" or "GetHashCode" or "ToString" or "<Clone>$" or "PrintMembers" or "Deconstruct" } => null,
        MethodInfo method => $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        ConstructorInfo constructor => $".ctor({Parameters(constructor)})",
        PropertyInfo { Name: "EqualityContract" } => null,
        PropertyInfo property => $"{Modifiers(property.GetAccessors(true).First(IsVisible))}{Name(property.PropertyType)} {property.Name} {{ {Accessors(property)} }}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}",
        EventInfo one => $"event {Name(one.EventHandlerType!)} {one.Name}",
        _ => null,
    };

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily ? "protected " : "") + (method.IsStatic ? "static " : "") + (method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static string Accessors(PropertyInfo property)
    {
        var parts = new List<string>();
        if (property.GetMethod is { } get && IsVisible(get)) parts.Add("get;");
        if (property.SetMethod is { } set && IsVisible(set)) parts.Add(set.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "init;" : "set;");
        return string.Join(" ", parts);
    }

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute)) ? "params " : "")
        + (parameter.ParameterType.IsByRef ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref " : "")
        + Name(parameter.ParameterType) + " " + parameter.Name
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue switch { null => "default", "" => "\"\"", var value => value }}" : "")));

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (type.IsGenericParameter) return type.Name;
        var name = (type.DeclaringType is { } outer ? Name(outer) + "." : "") + type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
