import type { ResourceRule } from "../rule";

/** Rules of branches by a name pattern; it holds once in a repository. */
export const branchProtection: ResourceRule = {
  type: "github:index/branchProtection:BranchProtection",
  source: "https://docs.github.com/en/graphql/reference/mutations#createbranchprotectionrule",
  defaults: {
    allowsDeletions: false,
    allowsForcePushes: false,
    enforceAdmins: false,
    lockBranch: false,
    requireConversationResolution: false,
    requireSignedCommits: false,
    requiredLinearHistory: false,
  },
  check: (props) =>
    props.list("requiredPullRequestReviews").flatMap((reviews, index) => {
      const count = reviews.number("requiredApprovingReviewCount") ?? 1;
      if (count >= 0 && count <= 6) return [];
      const property = `requiredPullRequestReviews[${index}].requiredApprovingReviewCount`;
      const reason = `expected required_approving_review_count to be in the range (0 - 6), got ${count}`;
      return [{ property, reason }];
    }),
  identity: (props, { owner }) => {
    const pattern = props.string("pattern") ?? "";
    return {
      key: `github-branch-protection ${owner}/${props.string("repositoryId") ?? ""} ${pattern}`,
      taken: `Name already protected: ${pattern}`,
    };
  },
  id: (_, context) => `BPR_${context.hex("protection", 20)}`,
  replaceOn: ["repositoryId"],
};
