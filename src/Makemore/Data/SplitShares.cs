using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>The shares of a split in percent, which add up to 100; validation may be 0.</summary>
public sealed record SplitShares(decimal Train, decimal Validation, decimal Test)
{
    /// <summary>Parses <c>80/10/10</c> (train, validation, test) or <c>90/10</c> (train, test).</summary>
    public static Either<Fault, SplitShares> Parse(string text)
    {
        var shares = text.Split('/').Select(ParseShare).ToArray();
        return shares switch
        {
            _ when shares.Any(share => share is not > 0) || shares.Sum() != 100 => Unreadable(),
            [{ } train, { } test] => new SplitShares(train, 0, test),
            [{ } train, { } validation, { } test] => new SplitShares(train, validation, test),
            _ => Unreadable(),
        };
    }

    /// <summary>The format of <see cref="Parse"/>: <c>80/10/10</c>, or <c>90/10</c> without validation.</summary>
    public override string ToString() => string.Join('/',
        from share in new[] { Train, Validation, Test }
        where share > 0
        select share.ToString("0.############", CultureInfo.InvariantCulture));

    private static decimal? ParseShare(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
        && share <= 100 ? share : null;

    private static Fault Unreadable() => Fault.Of("give shares above 0 that add up to 100, such as 80/10/10 or 90/10");
}
