using System.Reflection;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>src/DESIGN.md and the tests cite each other: every law has a test.</summary>
public sealed partial class DesignTests
{
    private static readonly (string Class, string Method)[] Tests =
    [
        .. from type in typeof(DesignTests).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.IsDefined(typeof(FactAttribute))
           select (type.Name, method.Name),
    ];

    [Fact]
    public void Tests_CitedOnThePage_Exist() => Assert.Empty(DesignPage.Tests.Except(Tests));

    [Fact]
    public void Laws_OnThePage_HaveTestsThatItCites()
    {
        var tests = Tests.Where(test => LawTest().IsMatch(test.Method)).ToArray();
        Assert.Empty(tests.Except(DesignPage.Tests));
        Assert.Equal(Enumerable.Range(1, 7), DesignPage.Laws);
        Assert.Equal(DesignPage.Laws, tests.Select(test => int.Parse(LawTest().Match(test.Method).Groups[1].Value)).Distinct().Order());
    }

    [GeneratedRegex(@"^Law(\d+)_")]
    private static partial Regex LawTest();
}
