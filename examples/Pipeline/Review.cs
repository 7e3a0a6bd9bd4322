namespace Pipeline;

/// <summary>What a customer wrote about a product: a line of reviews.jsonl.</summary>
internal sealed record Review(string Product, string Text);

/// <summary>A review and what the service said about it: a row of reviews.db.</summary>
internal sealed record RatedReview(Review Review, string Sentiment);
